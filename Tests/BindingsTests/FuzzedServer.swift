import Foundation
import Glibc
import Synchronization

/// A server on loopback that answers each request with bytes of its maker's: heads and bodies that no HTTP library would
/// write. One thread for each connection.
final class FuzzedServer: Sendable {
    /// Gets a request's line and body, and answers what is written; empty: the connection is reset.
    typealias Answer = @Sendable (_ line: Substring, _ body: [UInt8]) -> (bytes: [UInt8], closes: Bool)

    private let listener: Int32
    let port: UInt16
    private let answer: Answer

    private init(_ answer: @escaping Answer) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard status else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
    }

    static func running<Value>(_ answer: @escaping Answer, _ body: (FuzzedServer) async throws -> Value) async throws
        -> Value
    {
        let server = try FuzzedServer(answer)
        Thread.detachNewThread { server.accept() }
        defer { shutdown(server.listener, Int32(SHUT_RDWR)) }
        return try await body(server)
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            Thread.detachNewThread { self.serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var pending: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while true {
            guard let head = pending.firstRange(of: end) else {
                guard read(connection, into: &pending) else { return }
                continue
            }
            let lines = String(decoding: pending[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let length =
                lines.first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
            while pending.count < head.upperBound + length {
                guard read(connection, into: &pending) else { return }
            }
            let body = Array(pending[head.upperBound..<(head.upperBound + length)])
            pending.removeFirst(head.upperBound + length)
            let (bytes, closes) = answer(lines.first ?? "", body)
            guard write(bytes, to: connection), !closes else { return }
        }
    }

    private func read(_ connection: Int32, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }

    private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
