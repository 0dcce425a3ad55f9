extension WebForm {
    /// The fields that a visitor with these answers sees: a field that depends on others is there where one of its conditions
    /// holds, and where the other field is. A condition that cannot be judged here lets it appear.
    package func shown(_ values: [Submission.Value]) -> [Field] {
        let keys = shownKeys(values, ofUnknown: true)
        return fields.filter { keys.contains($0.key) }
    }

    /// The keys of the fields that are there whatever those conditions say which cannot be judged here.
    func certain(_ values: [Submission.Value]) -> Set<String> { shownKeys(values, ofUnknown: false) }

    /// Goes on until no other field appears: in a definition a field may stand below one that is drawn behind it.
    /// - Parameter isShown: What a condition counts for that cannot be judged here.
    private func shownKeys(_ values: [Submission.Value], ofUnknown isShown: Bool) -> Set<String> {
        var shown = Set(fields.filter(\.conditions.isEmpty).map(\.key))
        var rest = fields.filter { !$0.conditions.isEmpty }
        while true {
            let appearing = rest.filter { field in
                field.conditions.contains { condition in
                    shown.contains(condition.key) && condition.holds(for: value(of: condition, values)) ?? isShown
                }
            }
            guard !appearing.isEmpty else { return shown }
            shown.formUnion(appearing.map(\.key))
            rest.removeAll { shown.contains($0.key) }
        }
    }

    private func value(of condition: Condition, _ values: [Submission.Value]) -> String {
        values.last { $0.name == condition.name && $0.objectTypeID == condition.objectTypeID }?.value ?? ""
    }
}
