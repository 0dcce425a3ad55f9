import Foundation
import Glibc

/// Passes bytes on to a simulator from a port of its own: to the program, a portal that it does not know as a simulator.
struct Forwarder: Sendable {
    let port: String

    static func with<T>(to server: SimulatorServer, _ home: Home, _ body: (Forwarder) async throws -> T) async throws
        -> T
    {
        let program = """
            import socket, sys, threading
            target = int(sys.argv[1])
            def pump(source, sink):
                try:
                    while data := source.recv(65536):
                        sink.sendall(data)
                except OSError:
                    pass
                for end in (source, sink):
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            listener = socket.create_server(("127.0.0.1", 0))
            print(listener.getsockname()[1], flush=True)
            while True:
                client, _ = listener.accept()
                upstream = socket.create_connection(("127.0.0.1", target))
                threading.Thread(target=pump, args=(client, upstream), daemon=True).start()
                threading.Thread(target=pump, args=(upstream, client), daemon=True).start()
            """
        let target = server.url.split(separator: ":").last.map(String.init) ?? ""
        let child = try Child(["/usr/bin/python3", "-c", program, target], environment: home.environment())
        do {
            let port = try await child.line().trimmingCharacters(in: .whitespacesAndNewlines)
            let answer = try await body(Forwarder(port: port))
            child.signal(SIGKILL)
            _ = try await child.finish(within: .seconds(20))
            return answer
        } catch {
            child.signal(SIGKILL)
            throw error
        }
    }
}
