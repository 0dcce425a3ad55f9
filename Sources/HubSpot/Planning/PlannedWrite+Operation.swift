import HTTPTypes
import JSON

extension PlannedWrite {
    /// The write as the pipeline knows it: about a record or a link where it is the request that the pipeline itself would
    /// send for that, else as a request that is spelled out.
    /// - Parameter ids: Those of records that earlier lines have created.
    func operation(_ paths: Paths, _ ids: [Int64: String] = [:]) -> Operation {
        let ids = ownIDs(ids)
        let path = Placeholder.filled(path, ids)
        let body = body.map { Placeholder.filled($0, ids) }
        let request = APIRequest(
            HTTPRequest.Method(rawValue: method) ?? .post, path, host: .init(path: path),
            body: body.map { Array($0.bytes) },
            isAuthenticated: !path.hasPrefix("/submissions/") || path.contains("/secure/"))
        guard let parts = try? RequestRules.segments(of: path), let meant = Operation(method, parts, body),
            Placeholder.readable(meant.request(paths).target) == Placeholder.readable(path)
        else { return Operation(.other(request)) }
        return meant
    }

    /// What it does.
    func action(_ paths: Paths) -> WriteIntent.Action { WriteIntent(operation(paths), paths).action }
}

extension Operation {
    /// Reads a request as one about a record or a link.
    /// - Parameter parts: Of its path, without the version.
    fileprivate init?(_ method: String, _ parts: [String], _ body: JSONSlice?) {
        guard parts.count >= 3, parts[0] == "crm" else { return nil }
        let type = ObjectType(parts[2])
        switch (method, parts[1], parts.count) {
        case ("POST", "objects", 3):
            guard let properties = PropertyBag(ofBody: body, beside: ["associations"]) else { return nil }
            self.init(.create, type, nil, properties)
            associations = body?.field("associations")
        case ("PATCH", "objects", 4):
            guard let properties = PropertyBag(ofBody: body) else { return nil }
            self.init(.update, type, .id(parts[3]), properties)
        case ("DELETE", "objects", 4) where body == nil: self.init(.archive, type, .id(parts[3]))
        case ("POST", "objects", 4) where parts[3] == "gdpr-delete":
            guard let id = body?.field("objectId")?.idText else { return nil }
            self.init(.gdprDelete, type, RecordReference(id, idProperty: body?.field("idProperty")?.string))
        case ("POST", "objects", 4) where parts[3] == "merge":
            guard let primary = body?.field("primaryObjectId")?.idText,
                let other = body?.field("objectIdToMerge")?.idText
            else { return nil }
            self.init(.merge, from: type, primary, to: type, other)
        case ("POST", "objects", 5) where parts[3...] == ["batch", "upsert"]:
            guard let inputs = body?.field("inputs")?.elements(), inputs.count == 1,
                let id = inputs[0].field("id")?.idText, let name = inputs[0].field("idProperty")?.string,
                let properties = PropertyBag(ofBody: inputs[0], beside: ["id", "idProperty", "objectWriteTraceId"])
            else { return nil }
            self.init(.upsert(isWhole: true), type, RecordReference(id, idProperty: name), properties)
        case ("PUT", "objects", 8) where parts[4...5] == ["associations", "default"] && body == nil:
            self.init(.link(nil), from: type, parts[3], to: ObjectType(parts[6]), parts[7])
        case ("PUT", "objects", 7) where parts[4] == "associations":
            guard let labels = body?.elements(), labels.count == 1, let label = Associations.Label(labels[0]) else {
                return nil
            }
            self.init(.link(label), from: type, parts[3], to: ObjectType(parts[5]), parts[6])
        case ("DELETE", "objects", 7) where parts[4] == "associations" && body == nil:
            self.init(.unlink(nil), from: type, parts[3], to: ObjectType(parts[5]), parts[6])
        case ("POST", "associations", 7) where parts[4...] == ["batch", "labels", "archive"]:
            guard let inputs = body?.field("inputs")?.elements(), inputs.count == 1,
                let from = inputs[0].field("from")?.field("id")?.idText,
                let to = inputs[0].field("to")?.field("id")?.idText,
                let labels = inputs[0].field("types")?.elements(), labels.count == 1,
                let label = Associations.Label(labels[0])
            else { return nil }
            self.init(.unlink(label), from: type, from, to: ObjectType(parts[3]), to)
        default: return nil
        }
    }
}

extension PropertyBag {
    /// The `properties` of a body that holds nothing else; nil for any other body, or values that are no text.
    init?(ofBody body: JSONSlice?, beside others: Set<String> = []) {
        guard let fields = body?.fields(), fields.allSatisfy({ $0.name == "properties" || others.contains($0.name) }),
            let properties = body?.field("properties")?.fields()
        else { return nil }
        var bag = PropertyBag()
        for (name, value) in properties {
            guard let text = value.string else { return nil }
            bag[name] = text
        }
        self = bag
    }
}

extension Associations.Label {
    /// - Parameter json: `{ associationCategory, associationTypeId }`, or as HubSpot lists it: `{ category, typeId }`.
    init?(_ json: JSONSlice) {
        guard let category = (json.field("associationCategory") ?? json.field("category"))?.string,
            let typeID = (json.field("associationTypeId") ?? json.field("typeId"))?.integer
        else { return nil }
        self.init(category: category, typeID: typeID)
    }
}
