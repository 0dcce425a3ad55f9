import JSON
import Quota
import Wire

/// What the portal tells of a write that may have been carried out.
enum WriteFinding: Sendable {
    /// It was, and this is what it would be answered now.
    case done(JSONSlice)
    /// It was not, or may be made again without harm.
    case notDone
    /// Nothing tells.
    case unknown
}

extension WritePipeline {
    /// Looks for the trace of a write: by the record's id, by a value that no two records have in common, by the link.
    func lookUp(_ write: Operation, _ earlier: EarlierWrite) async throws(HubSpotError) -> WriteFinding {
        guard let type = write.type else { return try alike(write) }
        switch write.verb {
        case .create:
            switch try await creation(of: write, id: earlier.id, sent: earlier.at) {
            case .own(let record): return .done(record.removing("propertiesWithHistory"))
            case .none: return .notDone
            case .like, .unnamed: return .unknown
            }
        case .update:
            guard let record = write.record else { return .unknown }
            if write.properties.appends { return .unknown }
            guard let found = try await find(record, type, write.properties) else { return .notDone }
            return found.has(write.properties) ? .done(found) : .notDone
        case .upsert:
            guard let record = write.record else { return .unknown }
            if write.properties.appends { return .unknown }
            guard let found = try await find(record, type, write.changes), found.has(write.changes) else {
                return .notDone
            }
            return .done(found.markedNew(found.wasCreated(since: earlier.at - CreationTrace.clockError)))
        case .archive, .gdprDelete:
            guard let record = write.record else { return .unknown }
            return try await find(record, type, PropertyBag()) == nil ? .done(write.silentAnswer) : .notDone
        case .merge:
            guard let record = write.record, let other = write.other else { return .unknown }
            // The id of a record that was merged into another one answers that.
            guard let found = try await find(.id(other.id), type, PropertyBag()), let id = found.recordID else {
                return .unknown
            }
            if id == other.id { return .notDone }
            let primary = try await find(record, type, PropertyBag())
            return primary?.recordID == id ? .done(found) : .unknown
        case .link(let label), .unlink(let label):
            guard let other = write.other?.type else { return .unknown }
            let known = try await links([write], type, other)[0]?.elements() ?? []
            let isLinked = label.map { label in known.contains { $0.names(label) } } ?? !known.isEmpty
            if case .link = write.verb { return isLinked ? .done(write.silentAnswer) : .notDone }
            return isLinked ? .notDone : .done(write.silentAnswer)
        case .read: return .notDone
        case .other, .element: return try alike(write)
        }
    }

    /// What sets a state may be sent twice.
    private func alike(_ write: Operation) throws(HubSpotError) -> WriteFinding {
        guard case .other(let request) = write.verb else { return .unknown }
        if case .settingState = try RequestRules(request).repetition { return request.appends ? .unknown : .notDone }
        return .unknown
    }

    /// Look-ups that are made at one time travel together.
    private func find(
        _ record: RecordReference, _ type: ObjectType, _ properties: PropertyBag
    ) async throws(HubSpotError) -> JSONSlice? {
        let names = properties.entries.map(\.name) + ["hs_object_id"]
        return try await CRMObjects(type, session: session).find(
            record, ReadOptions(properties: Set(names).sorted()))
    }
}

extension JSONSlice {
    /// When a record was made, in milliseconds since 1970; nil where its answer does not tell.
    var createdAt: Int64? { field("createdAt")?.string.flatMap { Timestamp.parse($0) } }

    /// Whether a record has these values.
    fileprivate func has(_ properties: PropertyBag) -> Bool {
        let held = field("properties")
        return properties.entries.allSatisfy { entry in
            (held?.field(entry.name)?.string ?? "").caseInsensitiveCompared(to: entry)
        }
    }

    fileprivate func wasCreated(since moment: Int64) -> Bool {
        createdAt.map { $0 >= moment } ?? false
    }

    /// Whether a kind of link that HubSpot lists is this one.
    fileprivate func names(_ label: Associations.Label) -> Bool {
        (field("typeId") ?? field("associationTypeId"))?.integer == label.typeID
            && (field("category") ?? field("associationCategory"))?.string == label.category
    }
}

extension String {
    /// HubSpot keeps addresses in lower case.
    fileprivate func caseInsensitiveCompared(to entry: PropertyBag.Entry) -> Bool {
        self == entry.value || entry.name == "email" && lowercased() == entry.value.lowercased()
    }
}
