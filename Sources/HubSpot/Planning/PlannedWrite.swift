package import JSON

/// A line of a plan: one write, as the request that does it alone.
package struct PlannedWrite: Sendable, Equatable {
    /// Its number within the plan. Numbers rise; one may be missing.
    package var n: Int64
    package var method: String
    /// With its query. Records that the plan creates are placeholders in it.
    package var path: String
    /// The type of the record that it concerns, as all names of the type have it in common.
    package var type: String?
    /// The record's id, or a placeholder; nil where there is none, or none yet.
    package var id: String?
    /// The values that it changes, as they are before: an object of properties; of a merge, a list of two, the primary
    /// record's and the other one's; of a link, the kinds of link that there are, as a list. Nil where nothing is compared.
    package var before: JSONSlice?
    package var body: JSONSlice?
    /// The numbers of the lines that create the records which this one names. A text within the values of properties that looks
    /// like the name of another line's record is nothing but a text.
    package var depends: [Int64]

    /// The line's members, in their order.
    static let names = ["n", "method", "path", "type", "id", "before", "body", "depends"]

    package var json: JSONValue {
        [
            "n": .integer(n), "method": .string(method), "path": .string(path), "type": .optional(type),
            "id": .optional(id), "before": before.map(JSONValue.raw) ?? .null, "body": body.map(JSONValue.raw) ?? .null,
            "depends": .array(depends.map { .integer($0) }),
        ]
    }

    /// The lines that stand where ids do: in the path, and in the body but for the values of properties.
    var namedAsIDs: [Int64] {
        var named = Placeholder.lines(inPath: path)
        func add(_ object: JSONSlice?) {
            for (name, value) in object?.fields() ?? [] where name != "properties" {
                if name == "inputs", let inputs = value.elements() {
                    for input in inputs { add(input) }
                } else {
                    named.formUnion(Placeholder.lines(in: value))
                }
            }
        }
        if body?.fields() != nil { add(body) } else if let body { named.formUnion(Placeholder.lines(in: body)) }
        return named.sorted()
    }

    /// The lines that it names.
    var named: [Int64] {
        let texts = body.map { Placeholder.lines(in: $0) } ?? []
        return Set(namedAsIDs).union(texts.intersection(depends)).sorted()
    }

    /// The ids of those that it names.
    func ownIDs(_ ids: [Int64: String]) -> [Int64: String] {
        depends.isEmpty ? [:] : ids.filter { depends.contains($0.key) }
    }
}
