import JSON
import Wire

/// What a request looks for, in words: `contact with id 7`, `property color of deals`. HubSpot's own words for what is
/// missing (`resource not found`) do not say.
///
/// It is read off method, path and body, so that a call which a script spells out says the same as one of ours.
struct LookedUp: Sendable, Equatable, CustomStringConvertible {
    let description: String

    private init(_ words: String) { description = words }

    /// Nil for a request that looks for nothing in particular.
    init?(_ request: APIRequest) {
        guard let parts = try? RequestRules.segments(of: request.path), let words = Self.words(parts, request) else {
            return nil
        }
        self.init(words)
    }

    init(_ record: RecordReference, of type: ObjectType) {
        self.init(Self.record(type.name, record.value, by: record.idProperty))
    }

    /// One of the ends of a link.
    init(_ id: String, of type: ObjectType, linkedTo toID: String, of toType: ObjectType) {
        self.init(Self.ends(type.name, id, toType.name, toID))
    }

    init(property name: String, of type: ObjectType) { self.init(Self.property(name, type.name)) }

    private static func words(_ parts: [String], _ request: APIRequest) -> String? {
        let rest = Array(parts.dropFirst(2))
        switch (parts.first, parts.dropFirst().first) {
        case ("crm", "objects"): return objects(rest, request)
        case ("crm", "properties"): return properties(rest, request)
        case ("crm", "pipelines"): return pipelines(rest)
        case ("crm", "associations"): return associations(rest, request)
        case ("crm", "owners"):
            guard let id = rest.first else { return nil }
            return "owner with \(request.queryValue("idProperty") ?? "id") \(shown(id))"
        case ("crm", "lists"): return lists(rest)
        case ("crm", "schemas"), ("crm-object-schemas", "schemas"): return rest.first.map { "object type \(shown($0))" }
        case ("marketing", "forms"): return rest.first.map { "form with id \(shown($0))" }
        case ("form-integrations", "submissions"): return rest.count >= 2 ? "form with id \(shown(rest[1]))" : nil
        case ("submissions", "integration"):
            guard rest.count >= 3, let id = rest.last else { return nil }
            return "form with id \(shown(id)) in portal \(shown(rest[rest.count - 2]))"
        case ("files", "files"): return rest.first.map { "file with id \(shown($0))" }
        case ("files", "folders"): return rest.first.map { "folder with id \(shown($0))" }
        default: return nil
        }
    }

    /// Below `/crm/objects`: the type, then a record or a verb.
    private static func objects(_ parts: [String], _ request: APIRequest) -> String? {
        guard let type = parts.first else { return nil }
        let body = request.bodyDocument
        switch parts.dropFirst().first {
        case nil, "search": return "object type \(shown(type))"
        case "gdpr-delete":
            return body?["objectId"]?.idText.map { record(type, $0, by: body?["idProperty"]?.string) }
        case "merge":
            guard let primary = body?["primaryObjectId"]?.idText, let other = body?["objectIdToMerge"]?.idText else {
                return nil
            }
            return ends(type, primary, type, other)
        case "batch":
            guard let inputs = body?["inputs"]?.array else { return nil }
            guard inputs.count == 1, let id = inputs[0]["id"]?.idText else {
                return "\(noun(type)) with one of the ids given"
            }
            return record(type, id, by: inputs[0]["idProperty"]?.string ?? body?["idProperty"]?.string)
        case let id?:
            if parts.count >= 4, parts[2] == "associations" {
                let to = parts.dropFirst(parts[3] == "default" ? 4 : 3)
                if to.count == 2, let toType = to.first, let toID = to.last { return ends(type, id, toType, toID) }
            }
            return record(type, id, by: request.queryValue("idProperty"))
        }
    }

    private static func properties(_ parts: [String], _ request: APIRequest) -> String? {
        guard let type = parts.first, parts.count >= 2 else { return parts.first.map { "object type \(shown($0))" } }
        switch parts[1] {
        case "groups":
            return parts.count > 2
                ? "property group \(shown(parts[2])) of \(shown(type))" : "object type \(shown(type))"
        case "batch":
            guard let inputs = request.bodyDocument?["inputs"]?.array, inputs.count == 1 else { return nil }
            return inputs[0]["name"]?.string.map { property($0, type) }
        default: return property(parts[1], type)
        }
    }

    private static func pipelines(_ parts: [String]) -> String? {
        guard let type = parts.first else { return nil }
        guard parts.count >= 2 else { return "object type \(shown(type))" }
        let pipeline = "pipeline with id \(shown(parts[1])) of \(shown(type))"
        return parts.count >= 4 && parts[2] == "stages"
            ? "stage with id \(shown(parts[3])) in the \(pipeline)" : pipeline
    }

    private static func associations(_ parts: [String], _ request: APIRequest) -> String? {
        guard parts.count >= 3 else { return nil }
        if parts[2] == "labels" {
            return parts.count > 3
                ? "kind of link with typeId \(shown(parts[3])) from \(shown(parts[0])) to \(shown(parts[1]))" : nil
        }
        guard let inputs = request.bodyDocument?["inputs"]?.array, inputs.count == 1 else { return nil }
        let from = inputs[0]["from"]?["id"]?.idText ?? inputs[0]["id"]?.idText
        let to = inputs[0]["to"]?["id"]?.idText ?? inputs[0]["to"]?.array?.first?["id"]?.idText
        return from.map { id in to.map { ends(parts[0], id, parts[1], $0) } ?? record(parts[0], id, by: nil) }
    }

    private static func lists(_ parts: [String]) -> String? {
        switch parts.first {
        case nil, "search", "records", "idmapping": nil
        case "folders": parts.count > 1 ? "folder of lists with id \(shown(parts[1]))" : nil
        case "object-type-id":
            parts.count == 4 ? "list named \(shown(parts[3])) of \(noun(parts[1])) records" : nil
        case let id?: "list with id \(shown(id))"
        }
    }

    private static func property(_ name: String, _ type: String) -> String {
        "property \(shown(name)) of \(shown(type))"
    }

    private static func record(_ type: String, _ value: String, by idProperty: String?) -> String {
        "\(noun(type)) with \(shown(idProperty ?? "id")) \(shown(value))"
    }

    private static func ends(_ type: String, _ id: String, _ toType: String, _ toID: String) -> String {
        "\(record(type, id, by: nil)) or \(record(toType, toID, by: nil))"
    }

    /// `contact` for `contacts` and `0-1`; `cars record` for a type of the portal's own.
    private static func noun(_ type: String) -> String {
        let name = ObjectType.canonical(type)
        return ObjectType.standard.first { $0.name == name || $0.id == type || ObjectType($0.name).name == name }?
            .record
            ?? "\(shown(type)) record"
    }

    private static func shown(_ text: String) -> String { text.utf8.count <= 200 ? text : "\(text.prefix(200))…" }
}

extension APIRequest {
    /// A value of the query, given beside the path or in it.
    fileprivate func queryValue(_ name: String) -> String? {
        if let given = query.first(where: { $0.name == name }) { return given.value }
        guard let mark = path.firstIndex(of: "?") else { return nil }
        for item in path[path.index(after: mark)...].split(separator: "&") where item.hasPrefix("\(name)=") {
            return PercentEncoding.decode(item.dropFirst(name.count + 1))
        }
        return nil
    }

    /// The body, where it is JSON of a size that is worth reading for a message.
    fileprivate var bodyDocument: JSONValue? {
        body.flatMap { $0.count <= 1 << 20 ? JSONValue(parsing: $0) : nil }
    }
}

extension JSONValue {
    fileprivate var idText: String? { string ?? integer.map { String($0) } }
}

extension HubSpotError {
    /// Says what was looked for and is not there. What HubSpot says stays where it says more than that.
    mutating func name(_ wanted: LookedUp) {
        let said = message
        let isPlain = ["not found", "not exist", "usually numeric"].contains { said.lowercased().contains($0) }
        message = said.isEmpty || isPlain ? "no \(wanted)" : "no \(wanted); HubSpot says: \(said)"
    }
}

extension Verdicts {
    /// These verdicts of a batch, in which each record that is missing is named as the call for it alone names it.
    func naming(_ operations: [Operation]) -> Verdicts {
        var named = self
        for operation in operations {
            guard case .failure(var error)? = self[operation.index], error.kind == .notFound, error.isOfBatch,
                let wanted = operation.wanted
            else { continue }
            error.name(wanted)
            named[operation.index] = .failure(error)
        }
        return named
    }
}
