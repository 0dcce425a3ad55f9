import Foundation

/// The processes that share the store.
extension FileStore {
    // A row for each process, beside those of the credentials: a file of an older version has none, and it minds none.

    private func memberPrefix(_ clientKey: String) -> String { "member of \(clientKey) " }

    func announce(_ presence: ProcessPresence?) async throws(StoreProblem) {
        let prefix = memberPrefix(await identity.clientKey())
        try await run { file, _ in
            try file.transaction { access in
                let now = self.bootClock.now()
                for (key, value) in try access.rows(prefix) {
                    if let told = TimedPresence(Array(value)), told.member(at: now) == nil { try access.delete(key) }
                }
                let key = prefix + String(self.member.id)
                guard let presence else { return try access.delete(key) }
                try access.write(TimedPresence(presence, at: now).bytes, key: key, accountID: nil)
            }
        }
    }

    func members() async throws(StoreProblem) -> [SharingProcess] {
        let prefix = memberPrefix(await identity.clientKey())
        return try await run { file, _ in
            try file.transaction { access in
                let now = self.bootClock.now()
                return try access.rows(prefix).compactMap { TimedPresence(Array($0.value))?.member(at: now) }
            }
        }
    }
}
