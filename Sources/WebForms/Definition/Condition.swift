import Wire

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
        /// asks for the time. `Snippets/conditions.js` says the same for a page: texts are compared scalar by scalar, as there,
        /// and a number is written in decimal digits.
        package func holds(for value: String) -> Bool? {
            let chosen = Set(value.split(separator: ";").map { Text(String($0).trimmed) }.filter { !$0.isEmpty })
            let text = Text(value)
            let wanted = values.map(Text.init)
            switch `operator`.lowercased() {
            case "eq", "set_eq": return chosen == Set(wanted)
            case "neq", "set_neq": return chosen != Set(wanted)
            case "set_any": return !chosen.isDisjoint(with: wanted)
            case "set_not_any": return chosen.isDisjoint(with: wanted)
            case "set_all": return chosen.isSuperset(of: wanted)
            case "set_not_all": return !chosen.isSuperset(of: wanted)
            case "is_not_empty": return !text.isEmpty
            case "contains": return wanted.contains { text.contains($0) }
            case "doesnt_contain": return !wanted.contains { text.contains($0) }
            case "str_starts_with": return wanted.contains { text.starts(with: $0) }
            case "str_ends_with": return wanted.contains { text.reversed().starts(with: $0.reversed()) }
            case "lt": return compared(value, values.first) { $0 < $1 }
            case "lte": return compared(value, values.first) { $0 <= $1 }
            case "gt": return compared(value, values.first) { $0 > $1 }
            case "gte": return compared(value, values.first) { $0 >= $1 }
            case "between": return isBetween(value)
            case "not_between": return Self.number(value) != nil && !isBetween(value)
            default: return nil
            }
        }

        /// A text's Unicode scalars: Swift's own comparison takes a letter and its accent for one with an accent.
        private typealias Text = [Unicode.Scalar]

        private func isBetween(_ value: String) -> Bool {
            compared(value, from) { $0 >= $1 } && compared(value, to) { $0 <= $1 }
        }

        private func compared(_ value: String, _ bound: String?, _ holds: (Double, Double) -> Bool) -> Bool {
            guard let number = Self.number(value), let bound = bound.flatMap(Self.number) else { return false }
            return holds(number, bound)
        }

        private static func number(_ text: String) -> Double? {
            let text = text.trimmed
            return DecimalNumber.isNumber(text) ? Double(text) : nil
        }
    }
}

extension [Unicode.Scalar] {
    fileprivate init(_ text: String) { self = Array(text.unicodeScalars) }
}
