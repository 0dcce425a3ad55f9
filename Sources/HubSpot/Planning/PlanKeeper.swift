import HTTPTypes
import JSON
import Synchronization

/// The writes that a plan keeps, in the order in which they would be sent, and the placeholders of what they create.
final class PlanKeeper: Sendable {
    private struct State {
        var last: Int64 = 0
        var lines: [PlannedWrite] = []
        /// Where each line stands among them.
        var places: [Int64: Int] = [:]
        /// The numbers of writes that HubSpot would refuse, and of which something else may ask for the record.
        var refused: Set<Int64> = []
        /// Records that the plan creates, by what names them beside an id.
        var made: [WriteOrder.Key: Int64] = [:]
        /// A plan is of one account's records.
        var session: Session?
    }

    /// Whether lines are kept; else numbers alone are given.
    let keepsLines: Bool
    private let state = Mutex(State())

    init(keepsLines: Bool) { self.keepsLines = keepsLines }

    func nextNumber() -> Int64 {
        state.withLock { state in
            state.last += 1
            return state.last
        }
    }

    /// False for a session beside the first one that wrote.
    func takes(_ session: Session) -> Bool {
        state.withLock { state in
            if state.session == nil { state.session = session }
            return state.session === session
        }
    }

    /// The session that the plan writes through; nil before it has written anything.
    var session: Session? { state.withLock { $0.session } }

    var lines: [PlannedWrite] { state.withLock { $0.lines } }

    /// - Parameter key: What names the record that it creates, beside an id.
    func add(_ line: PlannedWrite, making key: WriteOrder.Key?) {
        state.withLock { state in
            state.places[line.n] = state.lines.count
            state.lines.append(line)
            if let key { state.made[key] = line.n }
        }
    }

    func refuse(_ number: Int64) { state.withLock { _ = $0.refused.insert(number) } }

    func isRefused(_ number: Int64) -> Bool { state.withLock { $0.refused.contains(number) } }

    func isKept(_ number: Int64) -> Bool { state.withLock { $0.places[number] != nil } }

    /// The line that creates the record of that name.
    func line(making key: WriteOrder.Key) -> Int64? { state.withLock { $0.made[key] } }

    /// A record that the plan creates, as far as it is known.
    func record(_ placeholder: Placeholder) -> JSONSlice? {
        guard let line = state.withLock({ state in state.places[placeholder.line].map { state.lines[$0] } }) else {
            return nil
        }
        let properties = line.body?.field("properties") ?? JSONSlice("{}")
        return JSONSlice(
            JSONValue.object([
                "id": .string(placeholder.text), "properties": .raw(properties), "dry_run": true,
            ]).bytes)
    }
}

extension WriteEntry {
    /// The id that a plan gives to the record of the write: a placeholder, or that of the record that there is.
    var plannedID: String? {
        get { state.withLock { $0.plannedID } }
        set { state.withLock { $0.plannedID = newValue } }
    }
}

extension Operation {
    /// Whether it makes a record, or may.
    var mayCreate: Bool {
        switch verb {
        case .create, .upsert: true
        case .other(let request): request.method == .post && request.host == .api
        default: false
        }
    }
}
