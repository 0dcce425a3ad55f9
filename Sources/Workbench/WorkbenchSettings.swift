import JSON

/// What is set on the page and holds for everything that arrives, from the page and from websites.
struct WorkbenchSettings: Sendable, Equatable {
    var trouble = Trouble.none
    /// The portal that a person has agreed to send to; a real one is sent to only while its id stands here.
    var sendsTo: Int64?

    var json: JSONValue {
        ["trouble": .string(trouble.rawValue), "sendsTo": sendsTo.map { .integer($0) } ?? .null]
    }

    /// These settings with those that a request changes.
    /// - Throws: A problem in words where it names no such trouble, or another portal than the workbench's.
    func changed(by request: JSONValue, portal: PortalFacts) throws(WorkbenchProblem) -> WorkbenchSettings {
        var changed = self
        if let name = request["trouble"] {
            guard let trouble = name.string.flatMap(Trouble.init(rawValue:)) else {
                let names = Trouble.allCases.map(\.rawValue).joined(separator: ", ")
                throw WorkbenchProblem(400, "trouble is one of: \(names)")
            }
            changed.trouble = trouble
        }
        if let id = request["sendsTo"] {
            guard id.isNull || id.integer == portal.id else {
                throw WorkbenchProblem(400, "this workbench sends to portal \(portal.id) alone")
            }
            changed.sendsTo = id.integer
        }
        return changed
    }
}
