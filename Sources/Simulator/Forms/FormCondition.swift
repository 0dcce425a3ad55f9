import JSON

/// When a field that depends on another is on the form.
struct FormCondition: Sendable {
    var objectTypeID: String
    var name: String
    var `operator`: String
    var values: Set<String>

    init(_ json: JSONValue?, of field: StoredForm.Field) {
        objectTypeID = field.objectTypeID
        name = field.name
        `operator` = (json?["operator"]?.string ?? "").lowercased()
        let several = json?["values"]?.array?.compactMap(\.string) ?? []
        values = Set(several.isEmpty ? [json?["value"]?.string].compactMap(\.self) : several)
    }

    /// False for an operator that is not known here: what may not be there is not demanded.
    func holds(in fields: [ReceivedSubmission.Field]) -> Bool {
        let value = fields.last { $0.name == name && $0.objectTypeID == objectTypeID }?.value ?? ""
        let chosen = Set(value.split(separator: ";").map(String.init))
        switch `operator` {
        case "eq", "set_eq": return chosen == values
        case "neq", "set_neq": return chosen != values
        case "set_any": return !chosen.isDisjoint(with: values)
        case "set_not_any": return chosen.isDisjoint(with: values)
        case "set_all": return values.isSubset(of: chosen)
        case "set_not_all": return !values.isSubset(of: chosen)
        case "is_not_empty": return !value.isEmpty
        case "contains": return values.contains { value.contains($0) }
        case "doesnt_contain": return !values.contains { value.contains($0) }
        case "str_starts_with": return values.contains { value.hasPrefix($0) }
        case "str_ends_with": return values.contains { value.hasSuffix($0) }
        case "lt": return compared(value, <)
        case "lte": return compared(value, <=)
        case "gt": return compared(value, >)
        case "gte": return compared(value, >=)
        default: return false
        }
    }

    private func compared(_ value: String, _ holds: (Double, Double) -> Bool) -> Bool {
        guard let number = Double(value), let bound = values.first.flatMap({ Double($0) }) else { return false }
        return holds(number, bound)
    }
}
