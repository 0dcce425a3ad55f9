import HTTPTypes
import JSON
import Wire

/// What became of the elements of a list, by their places in it.
typealias Verdicts = [Int: Result<JSONSlice, HubSpotError>]

/// One thing that is done: a write, which passes the ``WritePipeline``, or a read that may travel with others.
///
/// Everything that is asked of it on its way follows from it: what permission it needs, which writes it must not
/// overtake, the request that does it alone, the batch that it fits into, and what a dry run answers in its place.
struct Operation: Sendable {
    enum Verb: Sendable {
        case read(ReadOptions)
        case create
        case update
        /// - isWhole: By HubSpot's own upsert, which may clear what is left out; else an update, or a create.
        case upsert(isWhole: Bool)
        case archive
        case gdprDelete
        case merge
        case link(Associations.Label?)
        /// Nil: from every kind of link.
        case unlink(Associations.Label?)
        /// A call that is spelled out as a request: a form's submission, a file, a definition, a list's members.
        case other(APIRequest)
        /// An element of a batch that is no record, by its key: a definition's name, a pair of records.
        case element(key: String, JSONValue)

        /// Whether HubSpot answers it with a record.
        var answersRecord: Bool {
            switch self {
            case .read, .create, .update, .upsert, .merge: true
            default: false
            }
        }
    }

    struct Other: Sendable {
        var type: ObjectType
        var id: String
    }

    var verb: Verb
    /// Its place in the caller's list, from zero.
    var index = 0
    var type: ObjectType?
    var record: RecordReference?
    var properties = PropertyBag()
    /// For a create: a list as HubSpot's `[{ to: { id }, types: [...] }]`.
    var associations: JSONSlice?
    /// The other record of a link or a merge.
    var other: Other?
    /// Its place in the session's journal.
    var entry: WriteEntry?

    init(_ verb: Verb, _ type: ObjectType? = nil, _ record: RecordReference? = nil, _ properties: PropertyBag = .init())
    {
        self.verb = verb
        self.type = type
        self.record = record
        self.properties = properties
    }

    init(_ verb: Verb, from type: ObjectType, _ id: String, to other: ObjectType, _ otherID: String) {
        self.init(verb, type, .id(id))
        self.other = Other(type: other, id: otherID)
    }

    /// The same at a place of a list.
    func at(_ index: Int) -> Operation {
        var copy = self
        copy.index = index
        return copy
    }

    // MARK: Records and keys

    /// What doubles have in common: the record, or for a create of a contact its address.
    var key: RecordReference? {
        record?.key ?? properties["email"].flatMap { $0.isEmpty ? nil : RecordReference.email($0).key }
    }

    /// The records that it must not reach before the writes that were called earlier.
    var keys: [WriteOrder.Key] {
        guard let type else { return [] }
        switch verb {
        case .read, .other, .element: return []
        case .link, .unlink:
            guard let record, let other else { return [] }
            return [.link(type, record.value, other.type, other.id)]
        case .merge:
            return ([record].compactMap(\.self) + [other.map { .id($0.id) }].compactMap(\.self)).map { .init(type, $0) }
        case .create: return type.isContacts ? key.map { [WriteOrder.Key(type, $0)] } ?? [] : []
        case .update, .upsert, .archive, .gdprDelete: return record.map { [WriteOrder.Key(type, $0)] } ?? []
        }
    }

    /// Whether it is looked up first which record it writes to: an upsert by one of a contact's addresses.
    var isLookedUp: Bool { if case .upsert(isWhole: false) = verb { record?.idProperty == "email" } else { false } }

    /// Nil where it follows from the request alone.
    var permission: Permission? {
        switch verb {
        case .other, .element: nil
        case .link, .unlink: Permission("associations", .write)
        case .read: type.map { Permission(ObjectType.canonical($0.name), .read) }
        default: type.map { Permission(ObjectType.canonical($0.name), .write) }
        }
    }

    /// What a plan counts it as: `contacts.update`. Nil where its request says it.
    var planName: String? {
        let verb =
            switch verb {
            case .read: "read"
            case .create: "create"
            case .update: "update"
            case .upsert: "upsert"
            case .archive: "delete"
            case .gdprDelete: "gdpr_delete"
            case .merge: "merge"
            case .link: "link"
            case .unlink: "unlink"
            case .other, .element: nil as String?
            }
        guard let verb, let area = permission?.area else { return nil }
        return "\(area).\(verb)"
    }

    /// What HubSpot sends back with a created record or its error.
    var traceID: String { "m\(index + 1)" }

    /// What it looks for, in words.
    var wanted: LookedUp? {
        guard let type, let record else { return nil }
        if case .link = verb, let other {
            return LookedUp(record.value, of: type, linkedTo: other.id, of: other.type)
        }
        return LookedUp(record, of: type)
    }

    /// What people know its record by: its id or address, else a name; nil where there is none.
    var shownName: String? {
        if let record {
            guard let other else { return record.value }
            return "\(record.value) and \(ObjectType.canonical(other.type.name)) \(other.id)"
        }
        let names = ["email", "name", "dealname", "subject", "hs_task_subject", "lastname", "firstname", "domain"]
        if let name = names.lazy.compactMap({ properties[$0] }).first(where: { !$0.isEmpty }) { return name }
        if case .other(let request) = verb { return request.path }
        return properties.entries.first { !$0.value.isEmpty }.map { "\($0.name) \($0.value)" }
    }

    /// The properties without the one that an upsert knows its record by.
    var changes: PropertyBag {
        var changes = properties
        if let name = record?.idProperty { changes[name] = nil }
        return changes
    }

    /// The properties with the one that an upsert knows its record by: those of a new record.
    var whole: PropertyBag {
        var whole = properties
        if let record, let name = record.idProperty, whole[name] == nil { whole[name] = record.value }
        return whole
    }

    // MARK: Alone

    /// The request that does it alone. For an upsert the first one: HubSpot's answer says whether another follows.
    func request(_ paths: Paths) -> APIRequest {
        if case .other(let request) = verb { return request }
        let (method, path) = line(paths)
        var query: [(name: String, value: String)] = []
        var body: JSONValue?
        switch verb {
        case .create:
            body = .object(["properties": properties.json, "associations": associations.map(JSONValue.raw)])
        case .update:
            if let name = record?.idProperty { query = [("idProperty", name)] }
            body = .object(["properties": properties.json])
        case .upsert(isWhole: false):
            if method == .patch, let name = record?.idProperty { query = [("idProperty", name)] }
            body = .object(["properties": (method == .patch ? changes : whole).json])
        case .upsert(isWhole: true):
            body = UpsertForm(type ?? ObjectType(""), record?.idProperty ?? "", paths).body(of: [self])
        case .gdprDelete:
            body = .object([
                "objectId": .string(record?.value ?? ""), "idProperty": record?.idProperty.map(JSONValue.string),
            ])
        case .merge:
            body = .object([
                "primaryObjectId": .string(record?.value ?? ""), "objectIdToMerge": .string(other?.id ?? ""),
            ])
        case .link(let label?): body = .array([label.json])
        case .unlink(let label?):
            body = .object([
                "inputs": .array([
                    .object([
                        "from": .object(["id": .string(record?.value ?? "")]),
                        "to": .object(["id": .string(other?.id ?? "")]), "types": .array([label.json]),
                    ])
                ])
            ])
        case .read, .archive, .link(nil), .unlink(nil), .other, .element: break
        }
        return APIRequest(method, path, query: query, body: body?.bytes)
    }

    /// What that request is called in errors: `PATCH /crm/objects/2026-09/contacts/1`.
    func summary(_ paths: Paths) -> String {
        if case .other(let request) = verb { return request.summary }
        let (method, path) = line(paths)
        return "\(method.rawValue) \(path)"
    }

    private func line(_ paths: Paths) -> (HTTPRequest.Method, String) {
        let (name, id) = (type?.name ?? "", record?.value ?? "")
        let (otherName, otherID) = (other?.type.name ?? "", other?.id ?? "")
        return switch verb {
        case .read(let options):
            options.isTooLongForURL ? (.post, paths.objects(name, "batch", "read")) : (.get, paths.objects(name, id))
        case .create: (.post, paths.objects(name))
        case .update: (.patch, paths.objects(name, id))
        case .upsert(isWhole: true): (.post, paths.objects(name, "batch", "upsert"))
        // With nothing to change, the record could only be made.
        case .upsert(isWhole: false): changes.isEmpty ? (.post, paths.objects(name)) : (.patch, paths.objects(name, id))
        case .archive: (.delete, paths.objects(name, id))
        case .gdprDelete: (.post, paths.objects(name, "gdpr-delete"))
        case .merge: (.post, paths.objects(name, "merge"))
        case .link(nil): (.put, paths.associations(of: name, id, "default", otherName, otherID))
        case .link: (.put, paths.associations(of: name, id, otherName, otherID))
        case .unlink(nil): (.delete, paths.associations(of: name, id, otherName, otherID))
        case .unlink: (.post, paths.associations(name, otherName, "batch", "labels", "archive"))
        case .other(let request): (request.method, request.path)
        case .element: (.post, "")
        }
    }

    /// What stands for an answer without a body.
    var silentAnswer: JSONSlice {
        guard case .archive = verb, let record else { return JSONSlice("{}") }
        return JSONSlice(JSONValue.object(["id": .string(record.value), "archived": true]).bytes)
    }

    // MARK: Not sent

    /// The dry-run echo: what was given, as a record with `dry_run = true`.
    var echo: JSONSlice {
        switch verb {
        case .link, .unlink:
            let ends = [("from", record?.value), ("to", other?.id)].map { name, id in
                JSONValue.Member(name, .object(["id": .string(id ?? "")]))
            }
            return JSONSlice(JSONValue.object(ends + [.init("dry_run", true)]).bytes)
        case .other(let request):
            let given = JSONSlice(request.body ?? [])
            let echo = (given.isObject ? given : JSONSlice("{}")).adding("dry_run", "true".utf8)
            guard let id = entry?.plannedID.map({ JSONValue.string($0).bytes }) else { return echo }
            let isList = (try? RequestRules.segments(of: request.path)) == ["crm", "lists"]
            return isList
                ? echo.adding("list", JSONValue.object(["listId": .raw(JSONSlice(id))]).bytes)
                : echo.adding("id", id)
        case .element(_, let json): return JSONSlice(json.bytes).adding("dry_run", "true".utf8)
        default:
            var all = properties
            if let record, let name = record.idProperty, all[name] == nil { all[name] = record.value }
            return JSONSlice(
                JSONValue.object([
                    "id": (entry?.plannedID ?? record.flatMap { $0.idProperty == nil ? $0.value : nil })
                        .map(JSONValue.string), "properties": all.json,
                    "dry_run": true,
                ]).bytes)
        }
    }
}

extension WriteOrder.Key {
    /// A link is the same in both directions.
    static func link(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toID: String) -> WriteOrder.Key {
        let ends = ["\(ObjectType.canonical(from.name)) \(id)", "\(ObjectType.canonical(to.name)) \(toID)"].sorted()
        return WriteOrder.Key(type: "link", idProperty: "association", value: "\(ends[0]) \(ends[1])")
    }
}

// MARK: Lists

extension [Operation] {
    /// Cut where a double would come, in their order.
    var stretches: [[Operation]] {
        var seen: Set<RecordReference> = []
        var stretches: [[Operation]] = [[]]
        for operation in self {
            if let key = operation.key, !seen.insert(key).inserted {
                seen = [key]
                stretches.append([])
            }
            stretches[stretches.count - 1].append(operation)
        }
        return stretches
    }

    /// The first of each double, then the second of each, and so on: HubSpot refuses a batch that holds doubles.
    var rounds: [[Operation]] {
        var seen: [RecordReference: Int] = [:]
        var rounds: [[Operation]] = [[]]
        for operation in self {
            var round = 0
            if let key = operation.key {
                round = seen[key, default: 0]
                seen[key] = round + 1
            }
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(operation)
        }
        return rounds
    }

    /// Without doubles: the first of each.
    var firsts: [Operation] {
        var seen: Set<RecordReference> = []
        return filter { operation in operation.key.map { seen.insert($0).inserted } ?? true }
    }

    /// By their id property, in the order in which the properties first occur.
    var byProperty: [(idProperty: String?, operations: [Operation])] {
        var groups: [(idProperty: String?, operations: [Operation])] = []
        for operation in self {
            if let place = groups.firstIndex(where: { $0.idProperty == operation.record?.idProperty }) {
                groups[place].operations.append(operation)
            } else {
                groups.append((operation.record?.idProperty, [operation]))
            }
        }
        return groups
    }
}
