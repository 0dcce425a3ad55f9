import JSON

/// A search as HubSpot takes it: groups of filters, ORed; the filters within a group are ANDed.
public struct SearchQuery: Sendable, Equatable {
    public var filterGroups: [[SearchFilter]]
    /// Words looked for in the type's usual text properties.
    public var text: String?
    /// HubSpot uses one.
    public var sorts: [SearchSort]
    public var properties: [String]
    /// Page size: 10 by HubSpot's default, 200 at most.
    public var limit: Int?
    public var after: String?

    public init(
        filterGroups: [[SearchFilter]] = [], text: String? = nil, sorts: [SearchSort] = [], properties: [String] = [],
        limit: Int? = nil, after: String? = nil
    ) {
        self.filterGroups = filterGroups
        self.text = text
        self.sorts = sorts
        self.properties = properties
        self.limit = limit
        self.after = after
    }

    /// The records that pass all of these filters.
    public init(matching filter: SearchFilter, _ others: SearchFilter...) {
        self.init(filterGroups: [[filter] + others])
    }

    /// HubSpot's limits (source: CRM search).
    public static let maximumGroups = 5
    public static let maximumFiltersPerGroup = 6
    public static let maximumFilters = 18
    public static let maximumPage = 200
    /// The number of hits that pages reach: `after` + `limit` must stay within it.
    public static let reachableHits = 10_000

    /// This query narrowed to the ids that come after `id` in its order, or nil where HubSpot's limits leave no room
    /// for one more filter.
    func beyond(id: String) -> SearchQuery? {
        var query = self
        let filter = SearchFilter("hs_object_id", sorts.first?.isDescending ?? false ? .lt : .gt, value: id)
        query.filterGroups = filterGroups.isEmpty ? [[filter]] : filterGroups.map { $0 + [filter] }
        let counts = query.filterGroups.map(\.count)
        guard counts.allSatisfy({ $0 <= Self.maximumFiltersPerGroup }), counts.reduce(0, +) <= Self.maximumFilters
        else { return nil }
        return query
    }

    var json: JSONValue {
        .object([
            "filterGroups": filterGroups.isEmpty
                ? nil
                : .array(filterGroups.map { .object([.init("filters", .array($0.map(\.json)))]) }),
            "query": text.map(JSONValue.string),
            "sorts": sorts.isEmpty ? nil : .array(sorts.map(\.json)),
            "properties": properties.isEmpty ? nil : .strings(properties),
            "limit": limit.map { .integer(Int64($0)) },
            "after": after.map(JSONValue.string),
        ])
    }
}

public struct SearchSort: Sendable, Equatable {
    public var property: String
    public var isDescending: Bool

    public init(_ property: String, isDescending: Bool = false) {
        self.property = property
        self.isDescending = isDescending
    }

    var json: JSONValue {
        .object([
            "propertyName": .string(property), "direction": .string(isDescending ? "DESCENDING" : "ASCENDING"),
        ])
    }
}

public struct SearchFilter: Sendable, Equatable {
    public var property: String
    public var `operator`: Operator
    public var value: String?
    public var highValue: String?
    public var values: [String]?
    /// What ``value``, ``highValue`` and the ``values`` mean where the property holds a time: nil for a text, which
    /// goes as it is.
    package var times = Times()

    package struct Times: Sendable, Equatable {
        package var value: TimeInput?
        package var highValue: TimeInput?
        /// By their place in ``SearchFilter/values``.
        package var values: [Int: TimeInput] = [:]

        package init() {}

        var isEmpty: Bool { value == nil && highValue == nil && values.isEmpty }
    }

    public enum Operator: String, Sendable, CaseIterable {
        case eq = "EQ"
        case neq = "NEQ"
        case lt = "LT"
        case lte = "LTE"
        case gt = "GT"
        case gte = "GTE"
        case between = "BETWEEN"
        case `in` = "IN"
        case notIn = "NOT_IN"
        case has = "HAS_PROPERTY"
        case hasNot = "NOT_HAS_PROPERTY"
        case contains = "CONTAINS_TOKEN"
        case containsNot = "NOT_CONTAINS_TOKEN"
    }

    public init(
        _ property: String, _ operator: Operator, value: String? = nil, highValue: String? = nil,
        values: [String]? = nil
    ) {
        self.property = property
        self.operator = `operator`
        self.value = value
        self.highValue = highValue
        self.values = values
    }

    var json: JSONValue {
        .object([
            "propertyName": .string(property), "operator": .string(`operator`.rawValue),
            "value": value.map(JSONValue.string), "highValue": highValue.map(JSONValue.string),
            "values": values.map { .strings($0) },
        ])
    }
}
