import GRDB
import JSON

/// `/crm/limits`: how much of the account's room is used.
enum LimitsAPI {
    static let maximumProperties: Int64 = 1000
    static let maximumPipelines: Int64 = 100
    static let maximumRecords: Int64 = 15_000_000
    static let maximumCustomRecords: Int64 = 500_000
    static let maximumCalculated: Int64 = 200
    static let maximumLabels: Int64 = 50
    /// Links from one record to records of one type.
    static let maximumLinks: Int64 = 50_000
    /// From this share of a limit on, a record counts as near it.
    static let near = 0.8

    static var routes: [Route] {
        // Any scope that reads records will do.
        let access = Route.Access.token { call throws(APIError) in
            Array(Set(call.schema.types.flatMap { $0.scopes(writing: false) })).sorted()
        }
        func route(_ pattern: String, _ work: @escaping @Sendable (Call, Database) throws -> SimulatorResponse) -> Route
        {
            Route("GET", "crm/limits/\(pattern)", access, .read(work))
        }
        return [
            route("records", records), route("pipelines", pipelines), route("custom-properties", customProperties),
            route("calculated-properties", calculatedProperties), route("custom-object-types", customTypes),
            route("associations/labels", labels), route("associations/records/from", linkedTypes),
            route("associations/records/{type}/to", linkedTypesOf),
            route("associations/records/{type}/{to}", linkedRecords),
        ]
    }

    private static func share(_ usage: Int64, _ limit: Int64) -> JSONValue {
        .number(String(Double(usage * 10_000 / max(1, limit)) / 100))
    }

    private static func row(_ type: PortalObjectType, _ usage: Int64, _ limit: Int64) -> JSONValue {
        [
            "objectTypeId": .string(type.id), "singularLabel": .string(type.singular.capitalizedFirst),
            "pluralLabel": .string(type.name.capitalizedFirst), "limit": .integer(limit), "usage": .integer(usage),
            "percentage": share(usage, limit),
        ]
    }

    private static func isCustom(_ type: PortalObjectType) -> Bool { type.id.hasPrefix("2-") }

    // MARK: By object type

    private static func counts(_ sql: String, _ db: Database) throws -> [Int64: Int64] {
        var result: [Int64: Int64] = [:]
        for row in try Row.fetchAll(db, sql: sql) { result[row[0]] = row[1] }
        return result
    }

    private static func byType(_ counts: [Int64: Int64], _ limit: (PortalObjectType) -> Int64, _ call: Call)
        -> SimulatorResponse
    {
        let types = call.schema.types.filter { isCustom($0) || counts[$0.ordinal] != nil }
        func rows(_ custom: Bool) -> JSONValue {
            .array(types.filter { isCustom($0) == custom }.map { row($0, counts[$0.ordinal] ?? 0, limit($0)) })
        }
        return SimulatorResponse(200, ["hubspotDefinedObjectTypes": rows(false), "customObjectTypes": rows(true)])
    }

    private static func records(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let counts = try counts("SELECT type, count(*) FROM records WHERE archived = 0 GROUP BY type", db)
        return byType(counts, { isCustom($0) ? maximumCustomRecords : maximumRecords }, call)
    }

    private static func pipelines(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let counts = try counts("SELECT type, count(*) FROM pipelines WHERE archived = 0 GROUP BY type", db)
        return byType(counts, { _ in maximumPipelines }, call)
    }

    private static func properties(
        _ limit: Int64, _ call: Call, where isCounted: (PropertyDefinition) -> Bool
    ) -> SimulatorResponse {
        var rows: [JSONValue] = []
        var total: Int64 = 0
        for type in call.schema.types {
            let usage = Int64(call.schema.definitions(of: type).filter { !$0.archived && isCounted($0) }.count)
            total += usage
            if usage > 0 || isCustom(type) { rows.append(row(type, usage, limit)) }
        }
        return SimulatorResponse(
            200,
            [
                "overallLimit": .integer(limit * Int64(call.schema.types.count)), "overallUsage": .integer(total),
                "overallPercentage": share(total, limit * Int64(call.schema.types.count)), "byObjectType": .array(rows),
            ])
    }

    private static func customProperties(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        properties(maximumProperties, call) { !$0.hubspotDefined }
    }

    private static func calculatedProperties(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        properties(maximumCalculated, call) { !$0.hubspotDefined && $0.fieldType == "calculation_equation" }
    }

    private static func customTypes(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let usage = Int64(call.schema.types.filter(isCustom).count)
        let limit = Int64(SchemasAPI.maximumTypes)
        return SimulatorResponse(
            200, ["limit": .integer(limit), "usage": .integer(usage), "percentage": share(usage, limit)])
    }

    // MARK: Associations

    private static func labels(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        func wanted(_ name: String) throws -> String? {
            try call.query.first(name).flatMap { $0.isEmpty ? nil : try call.schema.type($0).id }
        }
        let (from, to) = (try wanted("fromObjectTypeId"), try wanted("toObjectTypeId"))
        var pairs: [String: [AssociationTypes.Kind]] = [:]
        for kind in try AssociationKinds.labelled(db)
        where (from ?? kind.from) == kind.from && (to ?? kind.to) == kind.to {
            pairs["\(kind.from) \(kind.to)", default: []].append(kind)
        }
        let results = pairs.sorted { $0.key < $1.key }.compactMap { _, kinds -> JSONValue? in
            guard let first = kinds.first, let a = call.schema.type(named: first.from),
                let b = call.schema.type(named: first.to)
            else { return nil }
            func end(_ type: PortalObjectType) -> JSONValue {
                row(type, 0, 0).without("limit").without("usage").without("percentage")
            }
            return [
                "fromObjectType": end(a), "toObjectType": end(b),
                "allLabels": .strings(kinds.compactMap(\.label)), "limit": .integer(maximumLabels),
                "usage": .integer(kinds.count), "percentage": share(Int64(kinds.count), maximumLabels),
            ]
        }
        return SimulatorResponse(200, ["results": .array(results)])
    }

    /// Records near or at their limit of links: from which type, to which, and how many links each has.
    private static func crowded(_ db: Database) throws -> [(from: Int64, to: Int64, key: Int64, count: Int64)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT from_key >> \(PortalObjectType.idBits), to_key >> \(PortalObjectType.idBits), from_key,
                    count(DISTINCT to_key) AS links
                FROM associations GROUP BY from_key, to_key >> \(PortalObjectType.idBits) HAVING links >= ?
                ORDER BY links DESC, from_key
                """, arguments: [Double(maximumLinks) * near]
        ).map { ($0[0], $0[1], $0[2], $0[3]) }
    }

    private static func types(_ ordinals: [Int64], _ call: Call) -> SimulatorResponse {
        let results = Set(ordinals).sorted().compactMap { call.schema.type(ordinal: $0) }.map { type in
            row(type, 0, 0).without("limit").without("usage").without("percentage")
        }
        return SimulatorResponse(200, ["results": .array(results)])
    }

    private static func linkedTypes(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        types(try crowded(db).map(\.from), call)
    }

    private static func linkedTypesOf(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        return types(try crowded(db).filter { $0.from == type.ordinal }.map(\.to), call)
    }

    private static func linkedRecords(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try AssociationsAPI.toType(call)
        let results = try crowded(db).filter { $0.from == type.ordinal && $0.to == to.ordinal }.prefix(100).map {
            entry -> JSONValue in
            [
                "objectId": .integer(PortalObjectType.id(ofKey: entry.key)), "limit": .integer(maximumLinks),
                "usage": .integer(entry.count), "percentage": share(entry.count, maximumLinks),
            ]
        }
        return SimulatorResponse(200, ["results": .array(Array(results))])
    }
}
