/// Which account a credential belongs to.
extension RedisStore {
    func link(accountID: Int64) async throws(StoreProblem) {
        let clientKey = await identity.clientKey()
        try await run { connection throws(StoreProblem) in
            self.known = nil
            try self.link(clientKey, to: accountID, connection)
        }
    }

    func link(_ clientKey: String, to accountID: Int64, _ connection: RedisConnection) throws(StoreProblem) {
        for _ in 0..<Self.tries {
            var known = Known(keys: keys(clientKey, nil))
            let reply = try compareAndSet(
                connection, [Change(key: known.keys.client, known: []), Change(key: known.keys.account, known: [])])
            try update(&known, reply)
            guard known.linked != accountID else { return }
            var theirs = Known(keys: keys(clientKey, accountID))
            let account = try compareAndSet(
                connection,
                [
                    Change(key: known.keys.client, known: known.clientVersion),
                    Change(key: theirs.keys.account, known: []),
                ])
            guard account.records[0] == nil else { continue }
            try update(&theirs, account)
            let client = RedisRecord(coding.encode(known.client, at: account.now), accountID: accountID)
            // The counts under the credential go along, unless it belonged to another account.
            let moves = known.linked == nil && !known.accountVersion.isEmpty
            let merged = RedisRecord(coding.encode(theirs.account.merged(with: known.account), at: account.now))
            let written = try compareAndSet(
                connection,
                [
                    Change(key: known.keys.client, known: known.clientVersion, new: client.bytes),
                    Change(key: theirs.keys.account, known: theirs.accountVersion, new: moves ? merged.bytes : []),
                    Change(key: known.keys.account, known: known.accountVersion, new: moves ? Array("gone".utf8) : []),
                ])
            if written.isWritten { return }
        }
    }
}
