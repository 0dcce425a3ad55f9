package import HubSpot
import LuaRuntime

/// Keeps how far loops are, so that they go on where they stopped.
package protocol CheckpointKeeper: Sendable {
    /// A loop begins, or goes on.
    ///
    /// - Parameters:
    ///   - name: As the script names it.
    ///   - item: The one of another loop that it runs within.
    ///   - plan: What keeps or counts what the loop writes. Then the loop shows what it would do now, and its checkpoint stays
    ///     as it is.
    /// - Throws: kind `conflict` where another loop has it; `invalidArgument` where none can be kept.
    func open(
        _ name: String, onUnknown: UnknownWrites, within item: (any CheckpointItem)?, in plan: WritePlan?
    ) async throws(HubSpotError) -> any LoopCheckpoint
}

/// How far one loop is.
package protocol LoopCheckpoint: Sendable {
    /// The loop comes to an item. Does not wait.
    /// - Throws: kind `invalidArgument` where the loop has met the key already.
    func begin(_ key: String) throws(HubSpotError) -> ItemBeginning

    /// The loop has ended without an error.
    func end() async throws(HubSpotError)

    /// The loop goes on no more, however it has ended.
    func close()
}

package enum ItemBeginning: Sendable {
    /// It is not run again.
    /// - result: What was kept of it, as JSON.
    case done(result: [UInt8]?)
    /// It runs.
    /// - isKnown: It was under way before, and has to recall what it has written.
    case item(any CheckpointItem, isKnown: Bool)
}

/// An item that runs.
package protocol CheckpointItem: WriteItem {
    /// Reads what it has written before.
    func recall() async throws(HubSpotError)

    /// Tasks of it run beside its own: writes may come in another order than before.
    func taskBegan()
    func taskEnded()

    /// Its function has returned. Does not wait.
    /// - Parameter result: What is kept of it, as JSON.
    func finish(_ result: [UInt8]?)
}

/// The tasks that work for an item: the one that runs it, and those that it starts.
final class ItemScope: LuaScope {
    let item: any CheckpointItem
    /// The scope that the loop runs in.
    let outer: (any LuaScope)?

    init(_ item: any CheckpointItem, outer: (any LuaScope)?) {
        self.item = item
        self.outer = outer
    }

    func taskBegan() {
        item.taskBegan()
        outer?.taskBegan()
    }

    func taskEnded() {
        item.taskEnded()
        outer?.taskEnded()
    }
}
