import JSON

/// A batch call beside the records' own: its elements are known by a key that results and errors name.
struct ElementForm: BatchForm {
    let path: String
    /// Fields of the body beside `inputs`.
    var extra: [JSONValue.Member] = []
    var size = 100
    /// The keys of the elements that a result may belong to.
    let key: @Sendable (JSONSlice) -> [String]
    /// The members of an error's `context` that name elements.
    let contextNames: [String]
    /// What stands for an element where an answer names neither result nor error.
    var silent: (@Sendable (_ key: String) -> JSONValue)?
    /// What an element looks for; nil where HubSpot's words say it.
    var wanted: (@Sendable (_ key: String) -> LookedUp)?

    var asksAgain: Bool { false }
    var keepsOrder: Bool { true }
    var hasPlainCall: Bool { false }

    /// - Parameter elements: HubSpot refuses doubles; the first one's verdict stands for all.
    static func operations(_ elements: [(index: Int, key: String, json: JSONValue)]) -> [Operation] {
        var seen: Set<String> = []
        return elements.filter { seen.insert($0.key).inserted }.map {
            Operation(.element(key: $0.key, $0.json)).at($0.index)
        }
    }

    func body(of operations: [Operation]) -> JSONValue {
        let inputs = operations.compactMap { if case .element(_, let json) = $0.verb { json } else { nil } }
        return .object(extra + [.init("inputs", .array(inputs))])
    }

    func silentSuccess(_ operation: Operation) -> JSONSlice? {
        guard case .element(let key, _) = operation.verb else { return nil }
        return silent.map { JSONSlice($0(key).bytes) }
    }

    func verdicts(of operations: [Operation], in answer: JSONSlice) -> Verdicts {
        var byKey: [String: Int] = [:]
        for operation in operations {
            if case .element(let key, _) = operation.verb { byKey[key] = operation.index }
        }
        var verdicts: Verdicts = [:]
        for result in answer.field("results")?.elements() ?? [] {
            for index in key(result).compactMap({ byKey[$0] }) { verdicts[index] = .success(result) }
        }
        for entry in answer.field("errors")?.elements() ?? [] {
            guard let error = error(from: entry) else { continue }
            let context = entry.field("context")
            for key in contextNames.flatMap({ context?.field($0)?.elements() ?? [] }).compactMap(\.string) {
                guard let index = byKey[key] else { continue }
                var error = error
                if error.kind == .notFound, let wanted = wanted?(key) { error.name(wanted) }
                verdicts[index] = .failure(error)
            }
        }
        for operation in operations where verdicts[operation.index] == nil {
            verdicts[operation.index] = silentSuccess(operation).map { .success($0) }
        }
        return verdicts
    }
}
