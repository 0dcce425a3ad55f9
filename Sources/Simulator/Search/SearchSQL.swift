import GRDB
import Wire

/// Translates a search into SQL over the records.
struct SearchSQL {
    private(set) var condition = ""
    private(set) var order = "key"
    private(set) var arguments: [any DatabaseValueConvertible & Sendable] = []

    let table: String
    /// Where the rows come from: ``table``, or, for a free-text query, the words of its records first.
    private(set) var source: String
    /// The table where they are counted, and a record's key in it.
    private(set) var countSource: (table: String, key: String)
    /// There is no condition but a lower bound on ids.
    private(set) var isUnfiltered = false
    /// Properties by which the search is fast once they are indexed.
    private(set) var columns: SearchColumns

    /// The condition without the lower bound on ids that ``keyBound`` holds, and its arguments.
    private(set) var countCondition = ""
    private(set) var countArguments: [any DatabaseValueConvertible & Sendable] = []
    /// Only records with a key above this one match.
    private(set) var keyBound: Int64 = .min

    let type: PortalObjectType
    private let schema: Schema
    /// The unique values are always up to date, so a lagging search cannot use them.
    private let lagging: Bool

    init(_ query: SearchRequest, of type: PortalObjectType, in schema: Schema, lagging: Bool) throws(APIError) {
        self.type = type
        self.schema = schema
        self.lagging = lagging
        table = SearchIndex.table(lagging: lagging)
        source = table
        countSource = (table, "key")
        columns = SearchColumns(type, in: table)
        var query = query
        // A walk over windows of ids has one such filter; the count is then made from the one before.
        if query.groups.count == 1,
            let index = query.groups[0].firstIndex(where: {
                $0.property == "hs_object_id" && ($0.op == .greater || $0.op == .greaterOrEqual)
            })
        {
            let filter = query.groups[0].remove(at: index)
            keyBound = try key(filter.value) - (filter.op == .greaterOrEqual ? 1 : 0)
        }
        var parts = ["type = \(type.ordinal)", "archived = 0"]
        var groups: [String] = []
        for group in query.groups {
            var filters: [String] = []
            for filter in group { filters.append(try sql(filter)) }
            groups.append(filters.isEmpty ? "1" : filters.joined(separator: " AND "))
        }
        if groups.count == 1 { parts.append(groups[0]) }
        if groups.count > 1 { parts.append("(" + groups.map { "(\($0))" }.joined(separator: " OR ") + ")") }
        isUnfiltered = query.groups.count < 2 && query.groups.allSatisfy(\.isEmpty)
        if let sort = query.sort { order = try orderBy(sort) }
        addWords(SearchText.tokens(query.query), to: &parts)
        countCondition = parts.joined(separator: " AND ")
        countArguments = arguments
        condition = countCondition
        if keyBound > .min {
            condition += " AND key > ?"
            arguments.append(keyBound)
        }
    }

    /// The free-text query: each word begins one of the record's.
    private mutating func addWords(_ words: [String], to parts: inout [String]) {
        guard !words.isEmpty, !type.searched.isEmpty else { return }
        defer { isUnfiltered = false }
        guard SearchSideTables.keepsWords(of: type) else {
            let columns = type.searched.map(Self.extract)
            for word in words {
                parts.append("(" + columns.map { "hs_has_prefix(\($0), ?)" }.joined(separator: " OR ") + ")")
                for _ in columns { arguments.append(word) }
            }
            return
        }
        source = "\(table)_words CROSS JOIN \(table) ON key = \(table)_words.rowid"
        if order == "key" || order.hasPrefix("key ") { order = "\(table)_words.rowid" + order.dropFirst(3) }
        let condition = SearchSideTables.condition(in: table, of: type)
        arguments.append(SearchSideTables.match(beginnings: words))
        // Words are kept of live records alone: where nothing else is asked for, no row has to be looked at.
        if isUnfiltered {
            parts = [condition]
            countSource = ("\(table)_words", "rowid")
        } else {
            parts.append(condition)
            countSource.table = source
        }
    }

    /// To be called where few records match: they are found by an index and put into order, rather than met along the way
    /// through all records in their order.
    mutating func expectFew() {
        if order == "key", !columns.wanted.isEmpty { order = "+key" }
    }

    static func extract(_ name: String) -> String {
        "json_extract(properties, '$.\(name)')"
    }

    private func definition(_ name: String) throws(APIError) -> PropertyDefinition {
        // Only defined names reach the SQL text, and those are letters, digits and underscores.
        guard let property = schema.property(name, of: type) else { throw .opaque }
        return property
    }

    private mutating func orderBy(_ sort: SearchRequest.Sort) throws(APIError) -> String {
        let property = try definition(sort.property)
        let direction = sort.descending ? "DESC" : "ASC"
        switch property.name {
        case "hs_object_id": return "key \(direction)"
        case type.createdProperty: return "created \(direction), key \(direction)"
        case type.modifiedProperty: return "updated \(direction), key \(direction)"
        default:
            let value = comparable(property)
            columns.want(property.name, value)
            return "\(value) \(direction) NULLS LAST, key \(direction)"
        }
    }

    /// The expression in which values of this property compare as they should.
    private func comparable(_ property: PropertyDefinition) -> String {
        let value = Self.extract(property.name)
        switch property.kind {
        case .number: return "CAST(\(value) AS REAL)"
        case .date, .datetime: return "hs_time(\(value))"
        case .enumeration, .bool: return value
        case .string, .phoneNumber: return "hs_fold(\(value))"
        }
    }

    // MARK: Filters

    private mutating func sql(_ filter: SearchRequest.Filter) throws(APIError) -> String {
        if filter.property.hasPrefix("associations.") { return try association(filter) }
        let property = try definition(filter.property)
        switch property.name {
        case "hs_object_id": return try column("key", filter)
        case type.createdProperty: return try column("created", filter)
        case type.modifiedProperty: return try column("updated", filter)
        default: return try value(property, filter)
        }
    }

    /// A filter on a column that every record has.
    private mutating func column(_ column: String, _ filter: SearchRequest.Filter) throws(APIError) -> String {
        switch filter.op {
        case .has: return "1"
        case .hasNot: return "0"
        case .between:
            arguments.append(try bound(column, filter.value))
            arguments.append(try bound(column, filter.highValue))
            return "\(column) BETWEEN ? AND ?"
        case .oneOf, .noneOf:
            for value in filter.values { arguments.append(try bound(column, value)) }
            return "\(column) \(filter.op == .oneOf ? "IN" : "NOT IN") (\(marks(filter.values.count)))"
        case .contains, .containsNot:
            guard filter.value != "*" else { return filter.op == .contains ? "1" : "0" }
            arguments.append(try bound(column, filter.value))
            return "\(column) \(filter.op == .contains ? "=" : "!=") ?"
        default:
            arguments.append(try bound(column, filter.value))
            return "\(column) \(comparison(filter.op)) ?"
        }
    }

    private mutating func value(_ property: PropertyDefinition, _ filter: SearchRequest.Filter) throws(APIError)
        -> String
    {
        let raw = Self.extract(property.name)
        let left = comparable(property)
        switch filter.op {
        case .has, .hasNot, .less, .lessOrEqual, .greater, .greaterOrEqual, .between: columns.want(property.name, left)
        case .equal where !property.isMultiple && !property.hasUniqueValue,
            .oneOf where !property.isMultiple && !property.hasUniqueValue:
            columns.want(property.name, left)
        default: break
        }
        switch filter.op {
        // A condition that an index serves: no value but NULL is below minus infinity.
        case .has: return "\(left) >= -9e999"
        case .hasNot: return "\(left) IS NULL"
        case .contains:
            let words = wordsNeeded(by: filter)
            arguments.append(filter.value)
            return "\(words)hs_has_token(\(raw), ?)"
        case .containsNot:
            arguments.append(filter.value)
            return "(\(raw) IS NULL OR NOT hs_has_token(\(raw), ?))"
        case .equal where property.isMultiple || property.hasUniqueValue,
            .oneOf where property.isMultiple || property.hasUniqueValue:
            let values = filter.op == .equal ? [filter.value] : filter.values
            return property.isMultiple
                ? multiple(raw, values) : unique(property, values, ignoringCase: filter.op == .equal)
        case .notEqual where property.isMultiple, .noneOf where property.isMultiple:
            return "NOT \(multiple(raw, filter.op == .notEqual ? [filter.value] : filter.values))"
        case .between:
            arguments.append(try operand(property, filter.value))
            arguments.append(try operand(property, filter.highValue))
            return "\(left) BETWEEN ? AND ?"
        case .oneOf, .noneOf:
            // Text has to be given in lower case; other text finds nothing.
            for value in filter.values {
                arguments.append(
                    property.kind == .string
                        ? value as any DatabaseValueConvertible & Sendable : try operand(property, value))
            }
            let list = "(\(marks(filter.values.count)))"
            return filter.op == .oneOf ? "\(left) IN \(list)" : "(\(raw) IS NULL OR \(left) NOT IN \(list))"
        case .notEqual:
            arguments.append(try operand(property, filter.value))
            return "(\(raw) IS NULL OR \(left) != ?)"
        default:
            arguments.append(try operand(property, filter.value))
            return "\(left) \(comparison(filter.op)) ?"
        }
    }

    /// Words that a record must hold to fit a pattern: they leave few to be looked at.
    private mutating func wordsNeeded(by filter: SearchRequest.Filter) -> String {
        guard type.searched.contains(filter.property), SearchSideTables.keepsWords(of: type) else { return "" }
        let (whole, beginnings) = SearchText.needed(by: filter.value)
        guard !whole.isEmpty || !beginnings.isEmpty else { return "" }
        arguments.append(SearchSideTables.match(whole: whole, beginnings: beginnings))
        let condition = SearchSideTables.condition(in: table, of: type)
        return "key IN (SELECT rowid FROM \(table)_words WHERE \(condition)) AND "
    }

    /// One of several options of a set, which is kept joined with `;`.
    private mutating func multiple(_ raw: String, _ values: [String]) -> String {
        let parts = values.map { value in
            arguments.append(";\(value);")
            return "instr(';' || coalesce(\(raw), '') || ';', ?) > 0"
        }
        return "(\(parts.joined(separator: " OR ")))"
    }

    /// A property with unique values is found through them.
    private mutating func unique(_ property: PropertyDefinition, _ values: [String], ignoringCase: Bool) -> String {
        let raw = Self.extract(property.name)
        let operands = values.map { ignoringCase ? RecordStore.uniqueForm($0) : $0 }
        var parts: [String] = []
        if !lagging {
            parts.append(
                "key IN (SELECT u.key FROM unique_values u WHERE u.type = \(type.ordinal) AND u.property = '\(property.name)' "
                    + "AND u.value IN (\(marks(operands.count))))")
            for operand in operands { arguments.append(operand) }
        }
        parts.append("hs_fold(\(raw)) IN (\(marks(operands.count)))")
        for operand in operands { arguments.append(operand) }
        return "(\(parts.joined(separator: " AND ")))"
    }

    /// `associations.company`: the records linked to one.
    private mutating func association(_ filter: SearchRequest.Filter) throws(APIError) -> String {
        guard let other = schema.type(named: String(filter.property.dropFirst("associations.".count))),
            !other.id.hasPrefix("2-"), !type.id.hasPrefix("2-")
        else { throw .opaque }
        let linked = "SELECT a.from_key FROM associations a WHERE a.from_key = key AND a.to_key"
        switch filter.op {
        case .has: return "EXISTS (\(linked) BETWEEN \(other.firstKey) AND \(other.endKey - 1))"
        case .hasNot: return "NOT EXISTS (\(linked) BETWEEN \(other.firstKey) AND \(other.endKey - 1))"
        case .equal, .notEqual, .oneOf, .noneOf:
            let values = filter.op == .equal || filter.op == .notEqual ? [filter.value] : filter.values
            for value in values {
                guard let id = Int64(value), 0...PortalObjectType.largestID ~= id else { throw .opaque }
                arguments.append(other.key(id))
            }
            let exists = "EXISTS (\(linked) IN (\(marks(values.count))))"
            return filter.op == .equal || filter.op == .oneOf ? exists : "NOT \(exists)"
        default: throw .opaque
        }
    }

    // MARK: Operands

    private func operand(
        _ property: PropertyDefinition, _ text: String
    ) throws(APIError) -> any DatabaseValueConvertible & Sendable {
        switch property.kind {
        case .number:
            guard let number = Double(text) else { throw .opaque }
            return number
        case .date, .datetime: return try time(text)
        case .enumeration, .bool: return text
        case .string, .phoneNumber: return text.lowercased()
        }
    }

    private func bound(_ column: String, _ text: String) throws(APIError) -> Int64 {
        column == "key" ? try key(text) : try time(text)
    }

    private func time(_ text: String) throws(APIError) -> Int64 {
        guard let time = Timestamp.parseLoosely(text) else { throw .opaque }
        return time
    }

    /// An id as a key; for a number that no id can have, the nearest bound.
    private func key(_ text: String) throws(APIError) -> Int64 {
        guard let id = Double(text), !id.isNaN else { throw .opaque }
        return type.key(Int64(text) ?? Int64(max(-1, min(id, 1e13))))
    }

    private func comparison(_ op: SearchRequest.Operator) -> String {
        switch op {
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        default: "="
        }
    }

    private func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ",")
    }
}
