extension WebForm {
    /// What another field must hold for a field to appear (source: the forms spec, `dependentCondition`).
    package struct Condition: Sendable, Equatable {
        /// Of the other field.
        package var objectTypeID: String
        package var name: String
        /// HubSpot's: `eq`, `set_any`, `is_not_empty`, ...
        package var `operator`: String
        package var values: [String]
        /// Of `between`.
        package var from: String
        package var to: String

        /// The other field's ``Field/key``.
        package var key: String { Field.key(objectTypeID, name) }

        /// Whether the field appears, given the other field's value; nil for an operator that is not known here, or that
        /// asks for the time. `Snippets/rules.js` says the same for a page.
        package func holds(for value: String) -> Bool? {
            let chosen = value.split(separator: ";").map(String.init)
            switch `operator`.lowercased() {
            case "eq", "set_eq": return Set(chosen) == Set(values)
            case "neq", "set_neq": return Set(chosen) != Set(values)
            case "set_any": return chosen.contains { values.contains($0) }
            case "set_not_any": return !chosen.contains { values.contains($0) }
            case "set_all": return values.allSatisfy { chosen.contains($0) }
            case "set_not_all": return !values.allSatisfy { chosen.contains($0) }
            case "is_not_empty": return !value.isEmpty
            case "contains": return values.contains { value.contains($0) }
            case "doesnt_contain": return !values.contains { value.contains($0) }
            case "str_starts_with": return values.contains { value.hasPrefix($0) }
            case "str_ends_with": return values.contains { value.hasSuffix($0) }
            case "lt": return compared(value, values.first) { $0 < $1 }
            case "lte": return compared(value, values.first) { $0 <= $1 }
            case "gt": return compared(value, values.first) { $0 > $1 }
            case "gte": return compared(value, values.first) { $0 >= $1 }
            case "between": return isBetween(value)
            case "not_between": return Double(value) != nil && !isBetween(value)
            default: return nil
            }
        }

        private func isBetween(_ value: String) -> Bool {
            compared(value, from) { $0 >= $1 } && compared(value, to) { $0 <= $1 }
        }

        private func compared(_ value: String, _ bound: String?, _ holds: (Double, Double) -> Bool) -> Bool {
            guard let number = Double(value), let bound = bound.flatMap({ Double($0) }) else { return false }
            return holds(number, bound)
        }
    }
}
