import LuaRuntime
import Words

extension LuaCall {
    /// Refuses a table with a name that means nothing there: a field that is dropped in silence is not missed in time.
    func refuseUnknown(_ path: String, _ table: LuaTable, known: [String]) throws {
        guard table.list.isEmpty else { throw bad(path, "names as keys expected, got a list") }
        for (name, _) in try namedFields(path, table) where !known.contains(name) {
            let hint = NearestName.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
            throw bad(
                path, "unknown field '\(name.prefix(60))'; \(hint ?? "there are \(known.joined(separator: ", "))")")
        }
    }

    /// The entries of a table whose keys are names.
    func namedFields(_ path: String, _ table: LuaTable) throws -> [(String, LuaValue)] {
        try table.fields.map { field in
            guard case .string(let name) = field.key, !name.isEmpty else { throw bad(path, "names as keys expected") }
            return (name, field.value)
        }
    }
}
