import GRDB
import JSON
import Wire

/// `/crm/lists/{list}/memberships`: the records of a list.
enum ListMembershipsAPI {
    static let maximumChanges = 100_000

    static var routes: [Route] {
        let base = "crm/lists/{list}/memberships"
        func route(_ method: String, _ pattern: String, _ work: Route.Work) -> Route {
            let access = method == "GET" ? ListsAPI.reading : ListsAPI.writing
            return Route(method, pattern, access, work)
        }
        return [
            route("GET", base, .read { call, db in try page(call, db, byJoining: false) }),
            route("GET", "\(base)/join-order", .read { call, db in try page(call, db, byJoining: true) }),
            route("PUT", "\(base)/add", .write(add)), route("PUT", "\(base)/remove", .write(remove)),
            route("PUT", "\(base)/add-and-remove", .write(addAndRemove)),
            route("PUT", "\(base)/add-from/{source}", .write(addFrom)),
            route("DELETE", base, .write(removeAll)),
            route("GET", "crm/lists/records/{type}/{id}/memberships", .read(listsOfRecord)),
        ]
    }

    private static func page(_ call: Call, _ db: Database, byJoining: Bool) throws -> SimulatorResponse {
        let list = try ListsAPI.find(call, db)
        let store = ListsAPI.store(call, db)
        let limit = try call.query.integer("limit", default: 100, in: 1...250)
        let after = try Paging.after(call)
        let members: [ListStore.Member]
        if byJoining {
            members = try store.membersByJoining(list, limit: limit + 1, offset: after)
        } else if let before = call.query.first("before"), !before.isEmpty, call.query.first("after") == nil {
            guard let end = Int64(before), end >= 0 else { throw APIError.queryParameter("before") }
            members = try store.members(list, limit: limit, before: end)
        } else {
            members = try store.members(list, limit: limit + 1, after: after)
        }
        let results = members.prefix(limit).map { member -> JSONValue in
            [
                "recordId": .string(String(PortalObjectType.id(ofKey: member.key))),
                "membershipTimestamp": .string(Timestamp.iso(member.at)),
            ]
        }
        var body: JSONValue = ["results": .array(results), "total": .integer(try store.size(list))]
        if members.count > limit {
            let last = PortalObjectType.id(ofKey: members[limit - 1].key)
            let after = String(byJoining ? after + Int64(limit) : last)
            let next: JSONValue = ["after": .string(after), "link": .string(Paging.link(after: after, call))]
            body = body.setting("paging", to: ["next": next])
        }
        return SimulatorResponse(200, body)
    }

    // MARK: Changes

    private static func editable(_ call: Call, _ db: Database) throws -> RecordList {
        let list = try ListsAPI.find(call, db)
        guard list.processing != .dynamic else {
            var error = APIError.validation("Memberships of a list of processing type DYNAMIC cannot be changed")
            error.subCategory = "ILS.INVALID_LIST_PROCESSING_TYPE"
            throw error
        }
        return list
    }

    private static func ids(_ json: JSONValue?, at key: String) throws(APIError) -> [String] {
        guard let array = json?.array else {
            throw .input("Cannot deserialize value of type `java.util.ArrayList` at \"\(key)\"")
        }
        guard array.count <= maximumChanges else {
            throw .validation("At most \(maximumChanges) records can be changed in one call")
        }
        var ids: [String] = []
        for element in array {
            guard let id = element.integer else {
                throw .input("Cannot deserialize value of type `long` at \"\(key)\"")
            }
            ids.append(String(id))
        }
        return ids
    }

    private static func change(
        adding: [String], removing: [String], _ call: Call, _ db: Database
    ) throws -> SimulatorResponse {
        let list = try editable(call, db)
        let store = ListsAPI.store(call, db)
        let records = call.records(db, of: list.type)
        var (added, removed, missing): ([String], [String], [String]) = ([], [], [])
        for text in adding {
            guard let id = Int64(text), let record = try records.find(id: id) else {
                if !missing.contains(text) { missing.append(text) }
                continue
            }
            if try store.add(record.key, to: list) { added.append(text) }
        }
        for text in removing {
            guard let id = Int64(text), 0...PortalObjectType.largestID ~= id else { continue }
            if try store.remove(list.type.key(id), from: list) { removed.append(text) }
        }
        // The spelling of the first is HubSpot's.
        return SimulatorResponse(
            200,
            [
                "recordsIdsAdded": .strings(added), "recordIdsRemoved": .strings(removed),
                "recordIdsMissing": .strings(missing),
            ])
    }

    private static func add(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try change(adding: ids(call.body.get(), at: "$"), removing: [], call, db)
    }

    private static func remove(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try change(adding: [], removing: ids(call.body.get(), at: "$"), call, db)
    }

    private static func addAndRemove(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        return try change(
            adding: ids(body["recordIdsToAdd"], at: "recordIdsToAdd"),
            removing: ids(body["recordIdsToRemove"], at: "recordIdsToRemove"), call, db)
    }

    private static func addFrom(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let list = try editable(call, db)
        let source = try ListsAPI.find(call, db, parameter: "source")
        guard source.type == list.type else {
            throw APIError.validation("Both lists must hold records of the same object type")
        }
        let store = ListsAPI.store(call, db)
        for member in try store.members(source, limit: maximumChanges, after: -1) {
            _ = try store.add(member.key, to: list)
        }
        return SimulatorResponse(204)
    }

    private static func removeAll(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try ListsAPI.store(call, db).removeAll(from: editable(call, db))
        return SimulatorResponse(204)
    }

    /// The lists that a record is a member of.
    private static func listsOfRecord(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let record = try ObjectsAPI.resolve(call, type, db)
        let store = ListsAPI.store(call, db)
        let results = try store.all().filter { $0.type == type }.compactMap { list -> JSONValue? in
            guard let joined = try store.joined(record.key, list) else { return nil }
            return [
                "listId": .string(String(list.id)), "listVersion": .integer(list.version),
                "firstAddedTimestamp": .string(Timestamp.iso(joined)),
                "lastAddedTimestamp": .string(Timestamp.iso(joined)),
            ]
        }
        return SimulatorResponse(200, ["results": .array(results), "total": .integer(results.count)])
    }
}
