import Glibc
import GRDB
import NIOCore

/// Why the simulator could not be started, in words, with the remedy.
struct SimulatorStartProblem {
    let message: String

    init(_ error: any Error, host: String, port: Int, database: String?) {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let why: String
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE: why = "\(place) is in use; give another --port, or 0 for any that is free"
            case EACCES: why = "\(place) takes rights that this user lacks; give a --port from 1024 on"
            case EADDRNOTAVAIL: why = "\(host) is no address of this machine; give another --host"
            case let code: why = "\(place): \(String(cString: strerror(code)).lowercased())"
            }
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            why = "the host '\(host)' is not known; give another --host"
        case let error as DatabaseError:
            why = "--db \(database ?? ""): \(error.message ?? error.resultCode.description)"
        default: why = "\(error)"
        }
        message = "the simulator could not be started: \(why)"
    }
}
