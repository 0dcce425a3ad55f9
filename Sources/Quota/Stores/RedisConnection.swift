import CHiredis

import Glibc

/// A connection to a Redis server. Its calls block, for as long as `timeout` at most.
///
/// Not `Sendable`: its owner keeps it to one queue.
final class RedisConnection {
    /// Connecting and each command.
    private static let timeout = timeval(tv_sec: 2, tv_usec: 0)

    private let context: UnsafeMutablePointer<redisContext>
    private let name: String

    /// Connects, authenticates and picks the database.
    init(_ endpoint: RedisEndpoint) throws(StoreProblem) {
        name = endpoint.description
        guard let context = redisConnectWithTimeout(endpoint.host, Int32(endpoint.port), Self.timeout) else {
            throw StoreProblem(store: name, reason: "out of memory", .patience)
        }
        self.context = context
        guard context.pointee.err == 0 else { throw unreachable() }
        redisSetTimeout(context, Self.timeout)
        if let password = endpoint.password {
            try succeed(
                [Array("AUTH".utf8)] + (endpoint.user.map { [Array($0.utf8)] } ?? []) + [Array(password.secret.utf8)])
        }
        if endpoint.database != 0 { try succeed([Array("SELECT".utf8), Array(String(endpoint.database).utf8)]) }
    }

    deinit { redisFree(context) }

    private func succeed(_ arguments: [[UInt8]]) throws(StoreProblem) {
        if case .error(let text) = try send(arguments) { throw refused(text) }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: where there is no reply; the connection is of no more use then.
    func send(_ arguments: [[UInt8]]) throws(StoreProblem) -> RedisReply {
        // A connection that the server has closed must not end the process.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        // One buffer for all arguments, each at its offset.
        let bytes = arguments.flatMap { $0 }.map { CChar(bitPattern: $0) }
        let lengths = arguments.map(\.count)
        let reply = bytes.withUnsafeBufferPointer { buffer in
            var offset = 0
            let empty: UnsafePointer<CChar>? = nil
            var pointers = lengths.map { length in
                defer { offset += length }
                return buffer.baseAddress.map { $0 + offset } ?? empty
            }
            return redisCommandArgv(context, Int32(lengths.count), &pointers, lengths)
        }
        guard let reply else { throw unreachable() }
        defer { freeReplyObject(reply) }
        return RedisReply(reply.assumingMemoryBound(to: redisReply.self))
    }

    private func unreachable() -> StoreProblem {
        var error = context.pointee.errstr
        let said = withUnsafeBytes(of: &error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let isLate = context.pointee.err == REDIS_ERR_IO && errno == EAGAIN
        return StoreProblem(
            store: name,
            reason: isLate ? "no answer in time" : said.isEmpty ? "the connection was lost" : said.lowercased(),
            .reachableServer)
    }

    func refused(_ text: String) -> StoreProblem {
        let isUnknown = text.contains("AUTH") || text.hasPrefix("WRONGPASS") || text.contains("unauthenticated")
        return StoreProblem(
            store: name, reason: text,
            isUnknown ? .password : text.hasPrefix("NOPERM") ? .rights : .mendedServer)
    }
}
