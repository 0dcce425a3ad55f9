import JSON

/// A search as HubSpot takes it: groups of filters, ORed; the filters within a group are ANDed.
///
/// A query without conditions finds every record. A condition that is there and empty does not mean that, since it mostly is
/// a mistake: the call that uses it throws, with kind `invalidArgument`, and nothing is sent.
public struct SearchQuery: Sendable, Equatable {
    /// One of these groups must match, with all of its filters, of which each holds at least one. No groups: every record
    /// matches.
    public var filterGroups: [[SearchFilter]]
    /// Words looked for in the type's usual text properties; nil where none are, which empty ones do not mean.
    public var text: String?
    /// HubSpot uses one.
    public var sorts: [SearchSort]
    /// What comes along of each hit; HubSpot's default properties of the type where it is empty.
    public var properties: [String]
    /// Page size: 10 by HubSpot's default, 200 at most.
    public var limit: Int?
    /// Where the page begins: a search's offset, or `paging.next.after` of the page before.
    public var after: String?

    /// Without arguments: all records of the type.
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
    /// Filters in one group at most.
    public static let maximumFiltersPerGroup = 6
    /// Filters in all groups together at most.
    public static let maximumFilters = 18
    /// Hits on a page at most.
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

    /// - Throws: kind `invalidArgument` for a condition that is empty.
    func check() throws(HubSpotError) {
        if let text, text.allSatisfy(\.isWhitespace) {
            throw .invalidArgument("the search's words are empty; leave them out to find every record")
        }
        for (number, group) in filterGroups.enumerated() {
            guard !group.isEmpty else {
                throw .invalidArgument(
                    "the search's group \(number + 1) holds no filter; leave the groups out to find every record")
            }
            for filter in group where filter.values?.isEmpty == true {
                throw .invalidArgument("the search's filter on \(filter.property) names no value")
            }
        }
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

/// The order of a search's hits: by one property.
public struct SearchSort: Sendable, Equatable {
    /// The internal name of the property.
    public var property: String
    /// Whether the highest value comes first.
    public var isDescending: Bool

    /// Ascending unless it is said otherwise.
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

/// A condition on one property. Which of the values it needs depends on its operator.
public struct SearchFilter: Sendable, Equatable {
    /// The internal name of the property.
    public var property: String
    /// How the property is compared.
    public var `operator`: Operator
    /// What it is compared with; the lower bound of ``Operator/between``.
    public var value: String?
    /// The upper bound of ``Operator/between``.
    public var highValue: String?
    /// The list of ``Operator/in`` and ``Operator/notIn``, with at least one value.
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

    /// HubSpot's comparisons (source: CRM search).
    public enum Operator: String, Sendable, CaseIterable {
        /// Equal to the value.
        case eq = "EQ"
        /// Not equal to it.
        case neq = "NEQ"
        /// Less.
        case lt = "LT"
        /// Less or equal.
        case lte = "LTE"
        /// Greater.
        case gt = "GT"
        /// Greater or equal.
        case gte = "GTE"
        /// Within both bounds, which count.
        case between = "BETWEEN"
        /// One of the values.
        case `in` = "IN"
        /// None of the values.
        case notIn = "NOT_IN"
        /// The property has a value.
        case has = "HAS_PROPERTY"
        /// The property has no value.
        case hasNot = "NOT_HAS_PROPERTY"
        /// A word of the text; `*` stands for any end of it.
        case contains = "CONTAINS_TOKEN"
        /// No such word.
        case containsNot = "NOT_CONTAINS_TOKEN"
    }

    /// - Parameter value: Text, as HubSpot keeps the property: a moment as milliseconds since 1970 or ISO 8601.
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
