import JSON
import Wire

/// What the portal shows of a create that may have been carried out.
enum CreationFinding: Sendable {
    /// This record is what it made.
    case own(JSONSlice)
    /// This record is like what it makes, and may be its work or another's.
    case like(JSONSlice)
    /// It made none. A record that is in its way was there before, or is another's: HubSpot refuses a second one.
    case none
    /// No value of it is a record's alone: nothing can be looked up.
    case unnamed
}

/// The trace that a create leaves: a record with its values, made when it was sent. Pure.
struct CreationTrace: Sendable {
    /// What was sent.
    var properties: PropertyBag
    /// When the first and the last such create was sent, by this machine's clock, in milliseconds since 1970.
    var sent: ClosedRange<Int64>
    /// When the process had ended that sent it; nil where that is not known.
    var ended: Int64?

    /// How far two clocks may be apart, in milliseconds.
    static let clockError: Int64 = 120_000
    /// How far they nearly always are apart.
    static let smallClockError: Int64 = 5_000
    /// How long a request is on its way at most, with the tries that a 429 costs.
    static let attempt: Int64 = 60_000

    enum Verdict: Sendable { case own, like, another }

    /// - Parameter record: As it is now; with the history of its properties, as it was made.
    func verdict(on record: JSONSlice) -> Verdict {
        guard wasMadeLikeThis(record) else { return .another }
        guard let moment = record.createdAt else { return .like }
        var last = sent.upperBound + Self.attempt
        if let ended { last = max(sent.upperBound, min(last, ended + Self.smallClockError)) }
        if sent.lowerBound - Self.smallClockError <= moment, moment <= last { return .own }
        return moment < sent.lowerBound - Self.clockError ? .another : .like
    }

    /// Whether it had the values when it was made; where there is no history of them, whether it has them now.
    private func wasMadeLikeThis(_ record: JSONSlice) -> Bool {
        let (values, history) = (record.field("properties"), record.field("propertiesWithHistory"))
        return properties.entries.allSatisfy { entry in
            // The latest version comes first.
            let first = history?.field(entry.name)?.elements()?.last?.field("value")?.string
            return PlannedValue.isSame(entry.name, first ?? values?.field(entry.name)?.string ?? "", entry.value)
        }
    }
}

extension CreationTrace {
    /// How long after a record is made a value may be set that it was made with, in milliseconds.
    private static let making: Int64 = 1_000

    /// Whether a record was made with a value that was not sent: then another has made it. HubSpot's own values do not count.
    /// - Parameter record: With the history of its properties.
    func hasMore(_ record: JSONSlice) -> Bool {
        guard let born = record.createdAt else { return false }
        return (record.field("propertiesWithHistory")?.fields() ?? []).contains { name, history in
            guard properties[name] == nil, !name.hasPrefix("hs_"), name != LifecycleStage.name,
                let first = history.elements()?.last, first.field("value")?.string?.isEmpty == false,
                let moment = first.field("timestamp")?.string.flatMap({ Timestamp.parse($0) })
            else { return false }
            return moment <= born + Self.making
        }
    }
}

extension WritePipeline {
    /// What a record tells that may be a create's work: with the history of all that can be set in it.
    func finding(_ trace: CreationTrace, _ found: JSONSlice, _ objects: CRMObjects) async throws(HubSpotError)
        -> CreationFinding
    {
        switch trace.verdict(on: found) {
        case .another: return .none
        case .like: return .like(found)
        case .own:
            guard let id = found.recordID else { return .like(found) }
            let names = try await objects.propertyNames().writable
            let whole = try await objects.find(
                .id(id), ReadOptions(properties: ["hs_object_id"], propertiesWithHistory: names))
            return whole.map { trace.hasMore($0) } == false ? .own(found) : .like(found)
        }
    }

    /// Looks for what a create has made: by its id where that is known, else by a value that no two records have in common.
    /// - Parameter sent: By this machine's clock, in milliseconds since 1970.
    func creation(
        of write: Operation, id: String?, sent: Int64, ended: Int64? = nil
    ) async throws(HubSpotError) -> CreationFinding {
        guard let type = write.type else { return .unnamed }
        let objects = CRMObjects(type, session: session)
        var key = id.map { RecordReference.id($0) }
        if key == nil, type.isContacts { key = write.key }
        if key == nil {
            key = try await objects.uniqueProperties().lazy.compactMap { name in
                write.properties[name].flatMap { $0.isEmpty ? nil : RecordReference($0, idProperty: name) }
            }.first
        }
        guard let key else { return .unnamed }
        let names = write.properties.entries.map(\.name).sorted()
        let options = ReadOptions(properties: names + ["hs_object_id"], propertiesWithHistory: names)
        guard let found = try await objects.find(key, options) else { return .none }
        // HubSpot's own answer told the id.
        guard id == nil else { return .own(found) }
        let trace = CreationTrace(properties: write.properties, sent: sent...sent, ended: ended)
        return try await finding(trace, found, objects)
    }
}
