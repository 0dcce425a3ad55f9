import Logging
import Synchronization

/// Says each thing once for a session: a script that does the same a thousand times hears of it a single time.
final class OnceLog: Sendable {
    /// More reasons than that are not kept apart: then all is forgotten, and may be said again.
    private static let capacity = 1_000

    private let logger: Logger
    private let said = Mutex<Set<String>>([])

    init(_ logger: Logger) { self.logger = logger }

    /// - Parameter reason: What the warnings of one kind have in common.
    func warn(_ reason: String, _ message: @autoclosure () -> String) {
        let isNew = said.withLock { said in
            if said.count >= Self.capacity { said = [] }
            return said.insert(reason).inserted
        }
        if isNew { logger.warning("\(message())") }
    }
}
