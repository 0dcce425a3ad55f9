import JSON

/// The requests by which a plan's writes are sent: each holds writes that follow one another, and are of one kind. Pure.
struct PlanSteps {
    /// What the writes of one request have in common.
    enum Kind: Hashable {
        case batch(BatchKind)
        case unlink(from: String, to: String, Associations.Label?)
    }

    /// The places of the writes in the plan's order, by requests.
    let steps: [[Int]]

    /// - Parameter isBatching: Whether the session puts writes together.
    init(_ writes: [PlannedWrite], _ paths: Paths, isBatching: Bool) {
        var steps: [[Int]] = []
        var kind: Kind?
        var numbers: Set<Int64> = []
        var keys: Set<RecordReference> = []
        for (place, write) in writes.enumerated() {
            let operation = write.operation(paths)
            let own = isBatching ? Kind(write, paths) : nil
            let key = operation.stepKey
            let isTogether =
                own != nil && own == kind && (steps.last?.count ?? 0) < 100
                && numbers.isDisjoint(with: write.depends) && key.map { !keys.contains($0) } ?? true
            if !isTogether {
                steps.append([])
                (numbers, keys) = ([], [])
            }
            steps[steps.count - 1].append(place)
            kind = own
            numbers.insert(write.n)
            if let key { keys.insert(key) }
        }
        self.steps = steps
    }
}

extension PlanSteps.Kind {
    /// Nil for a write that goes by itself.
    init?(_ write: PlannedWrite, _ paths: Paths) {
        // Records that the plan makes will have ids like any other.
        let ids = Dictionary(uniqueKeysWithValues: write.depends.map { ($0, String($0)) })
        let operation = write.operation(paths, ids)
        if case .unlink(let label) = operation.verb, let from = operation.type, let to = operation.other?.type {
            self = .unlink(from: from.name, to: to.name, label)
        } else if let kind = BatchKind(operation) {
            self = .batch(kind)
        } else {
            return nil
        }
    }
}

extension Operation {
    /// What two writes of one request must not have in common.
    fileprivate var stepKey: RecordReference? {
        switch verb {
        case .link, .unlink: record.map { .id("\($0.value) \(other?.id ?? "")") }
        default: key
        }
    }
}
