import Foundation

/// The processes that share the store: a hash beside the records of each credential.
extension RedisStore {
    func announce(_ presence: ProcessPresence?) async throws(StoreProblem) {
        let key = Array((clientName(await identity.clientKey()) + ":members").utf8)
        let field = Array(String(member.id).utf8)
        var presence = presence
        presence?.host = Self.host
        try await run { [presence] connection throws(StoreProblem) in
            let now = try self.compareAndSet(connection, []).now
            for told in try self.told(connection, key) where told.presence?.member(at: now) == nil {
                _ = try connection.send([Array("HDEL".utf8), key, told.field])
            }
            guard let presence else {
                _ = try connection.send([Array("HDEL".utf8), key, field])
                return
            }
            let bytes = TimedPresence(presence, at: now).bytes
            if case .error(let text) = try connection.send([Array("HSET".utf8), key, field, bytes]) {
                throw connection.refused(text)
            }
            _ = try connection.send([Array("PEXPIRE".utf8), key, Array(Self.kept.utf8)])
        }
    }

    func members() async throws(StoreProblem) -> [SharingProcess] {
        let key = Array((clientName(await identity.clientKey()) + ":members").utf8)
        return try await run { connection throws(StoreProblem) in
            let now = try self.compareAndSet(connection, []).now
            return try self.told(connection, key).compactMap { $0.presence?.member(at: now) }
        }
    }

    private func told(
        _ connection: RedisConnection, _ key: [UInt8]
    ) throws(StoreProblem) -> [(field: [UInt8], presence: TimedPresence?)] {
        let reply = try connection.send([Array("HGETALL".utf8), key])
        if case .error(let text) = reply { throw connection.refused(text) }
        let list = reply.list ?? []
        return stride(from: 0, to: list.count - 1, by: 2).map {
            (list[$0].bytes ?? [], list[$0 + 1].bytes.flatMap { TimedPresence($0) })
        }
    }

    /// Processes of several machines share.
    private static let host = ProcessInfo.processInfo.hostName
}
