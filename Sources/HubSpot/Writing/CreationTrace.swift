import JSON

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
        if (sent.lowerBound - Self.smallClockError...sent.upperBound + Self.attempt).contains(moment) { return .own }
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

extension WritePipeline {
    /// Looks for what a create has made: by its id where that is known, else by a value that no two records have in common.
    /// - Parameter sent: By this machine's clock, in milliseconds since 1970.
    func creation(of write: Operation, id: String?, sent: Int64) async throws(HubSpotError) -> CreationFinding {
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
        switch CreationTrace(properties: write.properties, sent: sent...sent).verdict(on: found) {
        case .own: return .own(found)
        case .like: return .like(found)
        case .another: return .none
        }
    }
}
