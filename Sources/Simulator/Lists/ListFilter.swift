import JSON

/// The filters of a list, as a search's groups: an OR branch of AND branches of property filters.
enum ListFilter {
    /// - Throws: 400 for branches that this simulator cannot follow.
    static func query(_ branch: JSONValue, of type: PortalObjectType, in schema: Schema) throws(APIError)
        -> SearchRequest
    {
        guard branch["filterBranchType"]?.string == "OR" else {
            throw .validation("The root filter branch must be of type OR")
        }
        var groups: [[SearchRequest.Filter]] = []
        for group in try branch.requiredArray("filterBranches") {
            guard group["filterBranchType"]?.string == "AND" else {
                throw .validation("The branches below the root must be of type AND")
            }
            guard group["filterBranches"]?.array?.isEmpty != false else {
                throw .validation("The simulator follows property filters only: nested branches are not among them")
            }
            var filters: [SearchRequest.Filter] = []
            for filter in try group.requiredArray("filters") {
                filters.append(try self.filter(filter, of: type, in: schema))
            }
            groups.append(filters)
        }
        guard branch["filters"]?.array?.isEmpty != false else {
            throw .validation("The root filter branch holds branches, not filters")
        }
        return SearchRequest(groups: groups)
    }

    private static func filter(
        _ json: JSONValue, of type: PortalObjectType, in schema: Schema
    ) throws(APIError) -> SearchRequest.Filter {
        guard json["filterType"]?.string == "PROPERTY" else {
            throw .validation("The simulator follows filters of type PROPERTY only")
        }
        let property = try json.requiredScalar("property")
        guard schema.property(property, of: type) != nil else {
            throw .validation("Property \"\(property)\" does not exist")
        }
        guard let operation = json["operation"], operation.members != nil else { throw .missing(["operation"]) }
        let kind = try operation.requiredScalar("operationType")
        let name = try operation.requiredScalar("operator")
        let value = try operation.scalar("value") ?? ""
        let values = try operation.stringList("values") + (value.isEmpty ? [] : [value])
        func make(_ op: SearchRequest.Operator, _ value: String = "", _ values: [String] = []) -> SearchRequest.Filter {
            SearchRequest.Filter(property: property, op: op, value: value, values: values)
        }
        switch name {
        case "IS_KNOWN", "IS_NOT_BLANK": return make(.has)
        case "IS_UNKNOWN", "IS_BLANK": return make(.hasNot)
        default: break
        }
        guard let first = values.first else { throw .missing(["operation.values"]) }
        // Text compares without its case.
        let operands = kind == "ENUMERATION" || kind == "BOOL" ? values : values.map { $0.lowercased() }
        switch (kind, name) {
        case (_, "IS_EQUAL_TO"), ("ENUMERATION", "IS_ANY_OF"): return make(.oneOf, "", operands)
        case (_, "IS_NOT_EQUAL_TO"), ("ENUMERATION", "IS_NONE_OF"): return make(.noneOf, "", operands)
        case ("NUMBER", "IS_GREATER_THAN"): return make(.greater, first)
        case ("NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO"): return make(.greaterOrEqual, first)
        case ("NUMBER", "IS_LESS_THAN"): return make(.less, first)
        case ("NUMBER", "IS_LESS_THAN_OR_EQUAL_TO"): return make(.lessOrEqual, first)
        case ("STRING", "CONTAINS"), ("MULTISTRING", "CONTAINS"): return make(.contains, "*\(first)*")
        case ("STRING", "STARTS_WITH"), ("MULTISTRING", "STARTS_WITH"): return make(.contains, "\(first)*")
        case ("STRING", "ENDS_WITH"), ("MULTISTRING", "ENDS_WITH"): return make(.contains, "*\(first)")
        default: throw .validation("The simulator does not follow \(name) of operation type \(kind)")
        }
    }
}

extension SearchRequest {
    /// A search of groups that have been checked elsewhere.
    init(groups: [[Filter]]) {
        self.groups = groups
    }
}
