import Foundation
import Glibc
import Testing

@Suite("moonspot simulator, told to end") struct SimulatorStopTests {
    /// A connection to the server, for bytes as they stand.
    private struct Connection {
        let descriptor: CInt

        init(_ server: SimulatorServer) throws {
            let port = try #require(UInt16(server.url.split(separator: ":").last ?? ""))
            descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
            }
            guard code == 0 else { throw Child.Failure("connect: \(String(cString: strerror(errno)))") }
        }

        func send(_ text: String) {
            let bytes = Array(text.utf8)
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }

        /// What comes until `text` has come, or the other end closes.
        func receive(until text: String) async throws -> String {
            try await offThread { [descriptor] in
                let deadline = ContinuousClock.now + .seconds(30)
                var received: [UInt8] = []
                while !String(decoding: received, as: UTF8.self).contains(text) {
                    var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
                    guard wait(for: &polled, until: deadline) else { throw Child.Failure("no answer in time") }
                    guard let bytes = readSome(descriptor) else { break }
                    received += bytes
                }
                return String(decoding: received, as: UTF8.self)
            }
        }

        func close() { _ = Glibc.close(descriptor) }
    }

    private func start(_ home: Home, _ options: String...) async throws -> SimulatorServer {
        let process = try home.start(["simulator", "--port", "0"] + options)
        let words = try await process.line().split(separator: " ").map(String.init)
        guard words.count == 5 else { throw Child.Failure("unexpected first line: \(words)") }
        return SimulatorServer(url: words[2], token: words[4], process: process)
    }

    private func request(_ server: SimulatorServer, _ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(server.token)\r\n\r\n"
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `ends at once, whatever connections are open and idle`(signal: CInt) async throws {
        try await Home.with { home in
            let server = try await start(home)
            var connections: [Connection] = []
            for _ in 0..<20 {
                let connection = try Connection(server)
                connection.send(request(server, "/account-info/v3/details"))
                #expect(try await connection.receive(until: "portalId").hasPrefix("HTTP/1.1 200"))
                connections.append(connection)
            }
            connections.append(try Connection(server))
            let began = ContinuousClock.now
            server.process.signal(signal)
            let end = try await server.process.finish(within: .seconds(20))
            #expect(end.status == 0, "\(end.errors)")
            #expect(began.duration(to: .now) < .seconds(2))
            for connection in connections { connection.close() }
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `finishes what is being answered`(signal: CInt) async throws {
        try await Home.with { home in
            let server = try await start(home, "--latency", "600ms")
            let connection = try Connection(server)
            // The two come in together, so that the second is under way when the first is answered.
            connection.send(
                request(server, "/_simulator/stats") + request(server, "/crm/v3/objects/contacts?limit=25"))
            _ = try await connection.receive(until: "peak_window")
            server.process.signal(signal)
            let answer = try await connection.receive(until: "\"results\":[")
            let rest = try await connection.receive(until: "never")
            #expect((answer + rest).hasSuffix("}"), "\(answer)\(rest)")
            #expect((answer + rest).components(separatedBy: "\"archived\":false").count == 26)
            let end = try await server.process.finish(within: .seconds(20))
            #expect(end.status == 0, "\(end.errors)")
            connection.close()
        }
    }

    @Test func `ends at the second signal where an answer takes long`() async throws {
        try await Home.with { home in
            let server = try await start(home, "--latency", "4s")
            let connection = try Connection(server)
            connection.send(
                request(server, "/_simulator/stats") + request(server, "/crm/v3/objects/contacts?limit=25"))
            _ = try await connection.receive(until: "peak_window")
            let began = ContinuousClock.now
            server.process.signal(SIGTERM)
            server.process.signal(SIGINT)
            _ = try await server.process.finish(within: .seconds(20))
            #expect(began.duration(to: .now) < .seconds(3))
            connection.close()
        }
    }
}
