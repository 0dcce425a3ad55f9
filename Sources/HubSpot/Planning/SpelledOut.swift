import HTTPTypes
import JSON

/// Requests that a caller has spelled out, as the writes of records that they are: a plan shows and compares each of them.
enum SpelledOut {
    /// - Returns: Nil for a request that is about no record, or that says more than the write does.
    static func write(_ request: APIRequest, _ paths: Paths) -> Operation? {
        guard request.hasPlainHeaders else { return nil }
        let line = PlannedWrite(
            n: 0, method: request.method.rawValue, path: request.target, type: nil, id: nil, before: nil,
            body: request.body.flatMap { $0.isEmpty ? nil : JSONSlice($0) }, depends: [])
        let write = line.operation(paths)
        if case .other = write.verb { return nil }
        return write
    }

    /// The writes of a batch.
    /// - Returns: Nil for any other request, and for a batch that says more than the writes do.
    static func writes(_ request: APIRequest) -> [Operation]? {
        guard request.method == .post, request.host == .api, request.hasPlainHeaders, request.query.isEmpty,
            let parts = try? RequestRules.segments(of: request.path), parts.count >= 5, parts[0] == "crm",
            let body = request.body.map({ JSONSlice($0) }), body.fields()?.map(\.name) == ["inputs"],
            let inputs = body.field("inputs")?.elements(), !inputs.isEmpty
        else { return nil }
        let writes: [Operation?]
        switch (parts[1], Array(parts[3...])) {
        case ("objects", let rest) where rest.count == 2 && rest[0] == "batch":
            writes = inputs.map { record(rest[1], ObjectType(parts[2]), $0) }
        case ("associations", let rest) where rest.count >= 3 && rest[1] == "batch":
            writes = inputs.map { link(Array(rest[2...]), ObjectType(parts[2]), ObjectType(rest[0]), $0) }
        default: return nil
        }
        let sound = writes.compactMap(\.self)
        guard sound.count == writes.count else { return nil }
        return sound.enumerated().map { index, write in
            var write = write.at(index)
            write.entry = WriteEntry(write)
            return write
        }
    }

    private static func record(_ verb: String, _ type: ObjectType, _ input: JSONSlice) -> Operation? {
        let trace = "objectWriteTraceId"
        let reference = input.field("id")?.idText.map {
            RecordReference($0, idProperty: input.field("idProperty")?.string)
        }
        switch verb {
        case "create":
            guard let properties = PropertyBag(ofBody: input, beside: ["associations", trace]) else { return nil }
            var create = Operation(.create, type, nil, properties)
            create.associations = input.field("associations")
            return create
        case "update", "upsert":
            guard let reference, let properties = PropertyBag(ofBody: input, beside: ["id", "idProperty", trace]) else {
                return nil
            }
            if verb == "update" { return Operation(.update, type, reference, properties) }
            guard reference.idProperty != nil else { return nil }
            return Operation(.upsert(isWhole: true), type, reference, properties)
        case "archive":
            guard let reference, input.fields()?.map(\.name) == ["id"] else { return nil }
            return Operation(.archive, type, reference)
        default: return nil
        }
    }

    private static func link(_ verb: [String], _ from: ObjectType, _ to: ObjectType, _ input: JSONSlice) -> Operation? {
        let target = input.field("to")
        guard let id = input.field("from")?.field("id")?.idText, let end = target?.elements() ?? target.map({ [$0] }),
            end.count == 1, let otherID = end[0].field("id")?.idText
        else { return nil }
        let types = input.field("types")?.elements() ?? []
        let label = types.first.flatMap { Associations.Label($0) }
        switch verb {
        case ["create"] where types.count == 1:
            return label.map { Operation(.link($0), from: from, id, to: to, otherID) }
        case ["associate", "default"] where types.isEmpty: return Operation(.link(nil), from: from, id, to: to, otherID)
        case ["archive"] where types.isEmpty: return Operation(.unlink(nil), from: from, id, to: to, otherID)
        case ["labels", "archive"] where types.count == 1:
            return label.map { Operation(.unlink($0), from: from, id, to: to, otherID) }
        default: return nil
        }
    }
}

extension APIRequest {
    /// Whether it says nothing by headers but that it is JSON.
    var hasPlainHeaders: Bool { headers.allSatisfy { $0.name == .contentType && $0.value.contains("json") } }
}
