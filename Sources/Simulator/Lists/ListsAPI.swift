import GRDB
import JSON

/// `/crm/lists`: lists of records.
enum ListsAPI {
    static var routes: [Route] {
        [
            Route("POST", "crm/lists", writing, .write(create)),
            Route("GET", "crm/lists", reading, .read(getMany)),
            Route("POST", "crm/lists/search", reading, .read(search)),
            Route("GET", "crm/lists/{list}", reading, .read(get)),
            Route("DELETE", "crm/lists/{list}", writing, .write(delete)),
            Route("PUT", "crm/lists/{list}/restore", writing, .write(restore)),
            Route("PUT", "crm/lists/{list}/update-list-name", writing, .write(rename)),
            Route("PUT", "crm/lists/{list}/update-list-filters", writing, .write(refilter)),
            Route("GET", "crm/lists/object-type-id/{type}/name/{name}", reading, .read(getByName)),
        ]
    }

    static let reading = Route.Access.token { _ throws(APIError) in ["crm.lists.read"] }
    static let writing = Route.Access.token { _ throws(APIError) in ["crm.lists.write"] }

    static func store(_ call: Call, _ db: Database) -> ListStore {
        ListStore(db: db, schema: call.schema, now: call.now)
    }

    static func find(_ call: Call, _ db: Database, parameter: String = "list") throws -> RecordList {
        let id = call.parameter(parameter)
        guard let list = try store(call, db).find(id) else { throw notFound(id) }
        return list
    }

    static func notFound(_ id: String) -> APIError {
        var error = APIError(404, "List does not exist with ID \(id).", category: "OBJECT_NOT_FOUND")
        error.subCategory = "ILS.LIST_NOT_FOUND"
        return error
    }

    private static func json(_ list: RecordList, _ call: Call, _ db: Database, withFilter: Bool) throws -> JSONValue {
        list.json(size: try store(call, db).size(list), withFilter: withFilter)
    }

    private static func checkName(
        _ name: String, _ type: PortalObjectType, besides id: Int64?, _ call: Call, _ db: Database
    )
        throws
    {
        guard !name.trimmed.isEmpty, name.utf16.count <= 255 else {
            throw APIError.validation("A list's name must have 1 to 255 characters")
        }
        if let other = try store(call, db).find(name: name, type: type), other.id != id {
            var error = APIError.validation("List names must be unique. A list named '\(name)' exists already.")
            error.subCategory = "ILS.DUPLICATE_LIST_NAMES"
            throw error
        }
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let missing = ["name", "objectTypeId", "processingType"].filter { body[$0] == nil || body[$0]?.isNull == true }
        if !missing.isEmpty { throw APIError.missing(missing) }
        let name = try body.requiredScalar("name")
        let type = try call.schema.type(body.requiredScalar("objectTypeId"))
        guard let processing = RecordList.Processing(rawValue: try body.requiredScalar("processingType")) else {
            throw APIError.input("Enum type must be one of: [MANUAL, DYNAMIC, SNAPSHOT]")
        }
        try checkName(name, type, besides: nil, call, db)
        let filter = body["filterBranch"].flatMap { $0.isNull ? nil : $0 }
        if processing == .manual, filter != nil {
            throw APIError.validation("A list of processing type MANUAL cannot have filters")
        }
        if processing == .dynamic, filter == nil { throw APIError.missing(["filterBranch"]) }
        if let filter { _ = try ListFilter.query(filter, of: type, in: call.schema) }
        let list = try store(call, db).insert(name, type, processing, filter: filter)
        return SimulatorResponse(200, ["list": try json(list, call, db, withFilter: true)])
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let list = try find(call, db)
        return SimulatorResponse(
            200, ["list": try json(list, call, db, withFilter: call.query.flag("includeFilters"))])
    }

    private static func getByName(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let name = call.parameter("name")
        guard let list = try store(call, db).find(name: name, type: call.objectType()) else { throw notFound(name) }
        return SimulatorResponse(
            200, ["list": try json(list, call, db, withFilter: call.query.flag("includeFilters"))])
    }

    private static func getMany(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let lists = try call.query.list("listIds").compactMap { try store(call, db).find($0) }
        let withFilter = call.query.flag("includeFilters")
        return SimulatorResponse(
            200, ["lists": .array(try lists.map { try json($0, call, db, withFilter: withFilter) })])
    }

    private static func search(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        func number(_ name: String, _ fallback: Int64, _ range: ClosedRange<Int64>) throws(APIError) -> Int64 {
            guard let value = body[name], !value.isNull else { return fallback }
            guard let number = value.integer else {
                throw .input("Cannot deserialize value of type `int` at \"\(name)\"")
            }
            guard range ~= number else {
                throw .validation("\(name) must be between \(range.lowerBound) and \(range.upperBound)")
            }
            return number
        }
        let offset = try number("offset", 0, 0...1_000_000_000)
        let count = try number("count", 20, 1...500)
        let words = SearchText.tokens(try body.scalar("query") ?? "")
        let ids = Set(try body.stringList("listIds"))
        let types = Set(try body.stringList("processingTypes"))
        let extra = Set(try body.stringList("additionalProperties"))
        let found = try store(call, db).all().filter { list in
            words.allSatisfy { SearchText.hasPrefix(list.name, $0) }
                && (ids.isEmpty || ids.contains(String(list.id)))
                && (types.isEmpty || types.contains(list.processing.rawValue))
        }
        let page = found.dropFirst(Int(offset)).prefix(Int(count))
        let lists = try page.map { list -> JSONValue in
            let size = try store(call, db).size(list)
            var more: [JSONValue.Member] = []
            if extra.contains("hs_list_size") || extra.isEmpty {
                more.append(.init("hs_list_size", .string(String(size))))
            }
            if extra.contains("hs_list_reference_count") || extra.isEmpty {
                more.append(.init("hs_list_reference_count", "0"))
            }
            return list.json(size: size, withFilter: false).without("size")
                .setting("additionalProperties", to: .object(more))
        }
        let end = Int(offset) + page.count
        return SimulatorResponse(
            200,
            [
                "lists": .array(lists), "hasMore": .bool(end < found.count), "offset": .integer(end),
                "total": .integer(found.count),
            ])
    }

    private static func delete(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var list = try find(call, db)
        list.deleted = call.now
        _ = try store(call, db).save(list)
        return SimulatorResponse(204)
    }

    private static func restore(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let id = call.parameter("list")
        guard var list = try store(call, db).find(id, deleted: true) else {
            // One that is there has nothing to restore.
            _ = try find(call, db)
            return SimulatorResponse(204)
        }
        guard call.now - (list.deleted ?? 0) <= ListStore.restorable else { throw notFound(id) }
        try checkName(list.name, list.type, besides: list.id, call, db)
        list.deleted = nil
        _ = try store(call, db).save(list)
        return SimulatorResponse(204)
    }

    private static func rename(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var list = try find(call, db)
        guard let name = call.query.first("listName") else { throw APIError.queryParameter("listName") }
        try checkName(name, list.type, besides: list.id, call, db)
        list.name = name
        list = try store(call, db).save(list)
        return SimulatorResponse(
            200, ["updatedList": try json(list, call, db, withFilter: call.query.flag("includeFilters"))])
    }

    private static func refilter(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var list = try find(call, db)
        guard list.processing == .dynamic else {
            throw APIError.validation("Only lists of processing type DYNAMIC have filters that can be changed")
        }
        guard let filter = try call.object()["filterBranch"], !filter.isNull else {
            throw APIError.missing(["filterBranch"])
        }
        _ = try ListFilter.query(filter, of: list.type, in: call.schema)
        list.filter = filter
        list = try store(call, db).save(list)
        return SimulatorResponse(200, ["updatedList": try json(list, call, db, withFilter: true)])
    }
}
