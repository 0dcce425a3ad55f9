import JSON

/// A search's body, checked against HubSpot's limits.
struct SearchRequest: Sendable {
    enum Operator: String, CaseIterable, Sendable {
        case equal = "EQ", notEqual = "NEQ", less = "LT", lessOrEqual = "LTE", greater = "GT", greaterOrEqual = "GTE"
        case between = "BETWEEN", oneOf = "IN", noneOf = "NOT_IN", has = "HAS_PROPERTY", hasNot = "NOT_HAS_PROPERTY"
        case contains = "CONTAINS_TOKEN", containsNot = "NOT_CONTAINS_TOKEN"
    }

    struct Filter: Sendable {
        var property: String
        var op: Operator
        var value = ""
        var highValue = ""
        var values: [String] = []
    }

    struct Sort: Sendable {
        var property: String
        var descending: Bool
    }

    static let maximumGroups = 5
    static let maximumFiltersPerGroup = 6
    static let maximumFilters = 18
    static let maximumLimit = 200
    static let maximumReach = 10_000
    static let maximumLength = 3000

    /// ORed; the filters within one are ANDed.
    var groups: [[Filter]] = []
    var query = ""
    var sort: Sort?
    var properties: [String] = []
    var limit = 10
    var offset = 0

    init(_ body: JSONValue, length: Int) throws(APIError) {
        if length > Self.maximumLength {
            throw .validation(
                "The request body is too long: \(Self.maximumLength) characters at most, but was \(length).")
        }
        query = try body.scalar("query") ?? ""
        properties = try body.stringList("properties")
        try readGroups(body)
        try readSort(body)
        try readPage(body)
    }

    private mutating func readGroups(_ body: JSONValue) throws(APIError) {
        if let list = body["filterGroups"], !list.isNull {
            guard let list = list.array else { throw .input("Cannot deserialize value of field \"filterGroups\"") }
            for (index, group) in list.enumerated() {
                guard let filters = group["filters"]?.array else {
                    throw .missing(["filterGroups[\(index)].filters"])
                }
                try readFilters(filters, at: "filterGroups[\(index)].filters")
            }
        }
        if let list = body["filters"], !list.isNull {
            guard let list = list.array else { throw .input("Cannot deserialize value of field \"filters\"") }
            if !list.isEmpty { try readFilters(list, at: "filters") }
        }
        if groups.count > Self.maximumGroups {
            throw .validation("too many filterGroups (count: \(groups.count), max allowed: \(Self.maximumGroups))")
        }
        for group in groups where group.count > Self.maximumFiltersPerGroup {
            throw .validation(
                "too many filters in filterGroup (count: \(group.count), max allowed: \(Self.maximumFiltersPerGroup))")
        }
        let count = groups.reduce(0) { $0 + $1.count }
        if count > Self.maximumFilters {
            throw .validation("too many filters (count: \(count), max allowed: \(Self.maximumFilters))")
        }
    }

    private mutating func readFilters(_ list: [JSONValue], at path: String) throws(APIError) {
        var filters: [Filter] = []
        for (index, json) in list.enumerated() {
            let property = try json.requiredScalar("propertyName")
            guard let name = try json.scalar("operator") else { throw .missing(["operator"]) }
            guard !name.isEmpty else {
                throw .validation(
                    "Invalid input JSON: unable to deserialize field \"\(path)[\(index)].operator\". Invalid value: "
                )
            }
            guard let op = Operator(rawValue: name) else {
                let names = Operator.allCases.map(\.rawValue).joined(separator: ", ")
                throw .input("Enum type must be one of: [\(names)]", column: 68)
            }
            var filter = Filter(property: property, op: op)
            filter.value = try json.scalar("value") ?? ""
            filter.highValue = try json.scalar("highValue") ?? ""
            filter.values = try json.stringList("values")
            try Self.checkOperands(filter)
            filters.append(filter)
        }
        groups.append(filters)
    }

    private static func checkOperands(_ filter: Filter) throws(APIError) {
        switch filter.op {
        case .has, .hasNot: return
        case .oneOf, .noneOf:
            if filter.values.isEmpty { throw .validation("\(filter.op.rawValue) operator requires values") }
        case .between:
            if filter.value.isEmpty || filter.highValue.isEmpty {
                throw .validation("BETWEEN operator requires value and highValue")
            }
        default:
            if filter.value.isEmpty { throw .validation("\(filter.op.rawValue) operator requires a value") }
        }
    }

    private mutating func readSort(_ body: JSONValue) throws(APIError) {
        guard let list = body["sorts"], !list.isNull else { return }
        guard let list = list.array else { throw .input("Cannot deserialize value of field \"sorts\"") }
        guard let first = list.first else { return }
        if let text = first.string {
            sort =
                text.hasPrefix("-")
                ? Sort(property: String(text.dropFirst()), descending: true) : Sort(property: text, descending: false)
            return
        }
        let property = try first.requiredScalar("propertyName")
        let direction = try first.scalar("direction") ?? "ASCENDING"
        guard direction == "ASCENDING" || direction == "DESCENDING" else {
            throw .input("Enum type must be one of: [ASCENDING, DESCENDING]")
        }
        sort = Sort(property: property, descending: direction == "DESCENDING")
    }

    private mutating func readPage(_ body: JSONValue) throws(APIError) {
        if let value = body["limit"], !value.isNull {
            guard let number = value.integer, 0...Int64(Self.maximumLimit) ~= number else {
                throw .validation("limit must be between 0 and \(Self.maximumLimit)")
            }
            limit = Int(number)
        }
        if let text = try body.scalar("after"), !text.isEmpty {
            guard let number = Int(text), number >= 0 else {
                throw .validation("after must be a whole number, but was \(text)")
            }
            offset = number
        }
        if offset > Self.maximumReach - limit {
            throw .validation(
                "Paging past \(Self.maximumReach) results is not possible: after plus limit must stay within it")
        }
    }
}
