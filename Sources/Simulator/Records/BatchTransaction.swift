import GRDB

/// A batch under way: its inputs are written one by one, and one that fails leaves nothing behind.
struct BatchTransaction {
    let db: Database
    /// Whether each input has a savepoint of its own.
    private let isCareful: Bool

    /// An input failed after it had written something, which only a savepoint of its own can undo.
    private struct NeedsSavepoints: Error {}

    /// Does a batch without a savepoint for each input, since each savepoint makes the index of words write out the entries
    /// that it has so far. Where one turns out to be needed, all is undone, and done again carefully.
    static func run(
        _ db: Database, _ work: (BatchTransaction) throws -> SimulatorResponse
    ) throws -> SimulatorResponse {
        var response: SimulatorResponse?
        do {
            try db.inSavepoint {
                response = try work(BatchTransaction(db: db, isCareful: false))
                return .commit
            }
        } catch is NeedsSavepoints {}
        if let response { return response }
        return try work(BatchTransaction(db: db, isCareful: true))
    }

    /// Runs one input's write; an API error that it throws is returned, and its changes are undone.
    func attempt<T>(_ body: () throws -> T) throws -> Result<T, APIError> {
        guard isCareful else {
            let changes = db.totalChangesCount
            do {
                return .success(try body())
            } catch let error as APIError {
                guard db.totalChangesCount == changes else { throw NeedsSavepoints() }
                return .failure(error)
            }
        }
        var result: Result<T, APIError>?
        try db.inSavepoint {
            do {
                result = .success(try body())
                return .commit
            } catch let error as APIError {
                result = .failure(error)
                return .rollback
            }
        }
        return result ?? .failure(.opaque)
    }
}
