import Foundation
import Synchronization
import Testing

@testable import Quota

/// A redis-server of the test's own, without files, on a port that was free.
final class RedisServer: Sendable {
    let port: Int
    private let process: Mutex<Process?>

    static let path = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    /// Where there is no redis-server its tests are left out, but not in CI.
    static var isMissing: Bool { path == nil && ProcessInfo.processInfo.environment["CI"] != "true" }

    /// - Parameter port: Of a server that was stopped; else a free one.
    init(port known: Int? = nil, _ options: String...) throws {
        let port = try known ?? Self.freePort()
        self.port = port
        // Foundation's, which leaves the server no descriptors that other tests believe to have closed.
        let server = Process()
        server.executableURL = URL(fileURLWithPath: try #require(Self.path, "redis-server is not installed"))
        server.arguments =
            ["--bind", "127.0.0.1", "--port", "\(port)", "--save", "", "--appendonly", "no", "--dir", "/tmp"] + options
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        process = Mutex(server)
        // Up as soon as it takes connections.
        for _ in 0..<500 {
            if (try? RedisConnection(endpoint())) != nil { return }
            if Self.isAnswering(port) { return }
            usleep(10_000)
        }
        throw CocoaError(.fileReadUnknown)
    }

    deinit { stop() }

    func stop() {
        guard let server = process.withLock({ $0.take() }) else { return }
        // It has inherited a mask that blocks all signals but this.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    func endpoint(database: Int = 0, user: String? = nil, password: String? = nil) -> RedisEndpoint {
        RedisEndpoint(
            host: "127.0.0.1", port: port, database: database, user: user, password: password.map { RedisPassword($0) })
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return address
    }

    /// Below the ports that the system hands out: other tests count on nobody listening where their server was.
    private static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<30_000)
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(file) }
            var address = address(port)
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return port }
        }
        throw CocoaError(.fileReadUnknown)
    }

    private static func isAnswering(_ port: Int) -> Bool {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = address(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
