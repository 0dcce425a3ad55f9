import HTTPTypes
import JSON
import Synchronization

/// The writes that a plan keeps, in the order in which they would be sent, and what it knows of the records that they create.
final class PlanKeeper: Sendable {
    private struct State {
        var last: Int64 = 0
        var lines: [PlannedWrite] = []
        /// The numbers of the lines.
        var kept: Set<Int64> = []
        /// The numbers of writes that HubSpot would refuse, and of which something else may ask for the record.
        var refused: Set<Int64> = []
        /// Records that the plan creates, by what names them beside an id.
        var made: [WriteOrder.Key: Int64] = [:]
        /// Their values as the plan leaves them, by number.
        var values: [Int64: PropertyBag] = [:]
        /// A plan is of one account's records.
        var session: Session?
    }

    /// Whether lines are kept; else numbers alone are given.
    let keepsLines: Bool
    /// The plan's word, by which its placeholders are known.
    let tag: String
    private let state = Mutex(State())

    /// - Parameter tag: Letters and digits.
    init(keepsLines: Bool, tag: String) {
        self.keepsLines = keepsLines
        self.tag = tag
    }

    func nextNumber() -> Int64 {
        state.withLock { state in
            state.last += 1
            return state.last
        }
    }

    /// The id by which the script knows the record that a write creates.
    func id(_ number: Int64) -> String { Placeholder(number).text(tag: tag) }

    /// The write that creates the record of that id; nil for any other text.
    func number(of id: String) -> Int64? { Placeholder(id, tag: tag)?.line }

    /// False for a session beside the first one that wrote.
    func takes(_ session: Session) -> Bool {
        state.withLock { state in
            if state.session == nil { state.session = session }
            return state.session === session
        }
    }

    /// The session that the plan writes through; nil before it has written anything.
    var session: Session? { state.withLock { $0.session } }

    /// As a file has them.
    var lines: [PlannedWrite] { PlanNumbering.numbered(state.withLock { $0.lines }, tag: tag) }

    func add(_ line: PlannedWrite) {
        state.withLock { state in
            state.kept.insert(line.n)
            state.lines.append(line)
        }
    }

    func refuse(_ number: Int64) { state.withLock { _ = $0.refused.insert(number) } }

    func isRefused(_ number: Int64) -> Bool { state.withLock { $0.refused.contains(number) } }

    func isKept(_ number: Int64) -> Bool { state.withLock { $0.kept.contains(number) } }

    /// The write that creates the record of that name.
    func line(making key: WriteOrder.Key) -> Int64? { state.withLock { $0.made[key] } }

    // MARK: The records that it creates

    /// A write creates a record.
    /// - Parameter keys: What names it beside its id.
    func make(_ number: Int64, _ properties: PropertyBag, _ keys: [WriteOrder.Key]) {
        state.withLock { state in
            state.values[number] = properties
            for key in keys where state.made[key] == nil { state.made[key] = number }
        }
    }

    /// A write changes a record that the plan creates.
    func change(_ number: Int64, _ properties: PropertyBag) {
        state.withLock { state in
            for entry in properties.entries { state.values[number]?[entry.name] = entry.value }
        }
    }

    /// A record that the plan creates, as far as it is known.
    func record(_ type: ObjectType, _ reference: RecordReference) -> JSONSlice? {
        let number =
            reference.idProperty == nil
            ? number(of: reference.value) : line(making: WriteOrder.Key(type, reference))
        guard let number, let values = state.withLock({ $0.values[number] }) else { return nil }
        return JSONSlice(
            JSONValue.object(["id": .string(id(number)), "properties": values.json, "dry_run": true]).bytes)
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
