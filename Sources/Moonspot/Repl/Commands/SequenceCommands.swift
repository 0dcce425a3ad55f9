import LuaRuntime

extension ConsoleCommand {
    /// What goes on from the last results.
    static let sequences = [next, last]

    private static let last = ConsoleCommand(
        name: "last", summary: "the last value, whole",
        details: "A value that is longer than the screen is shown in $PAGER where that is set, or as :set pager says."
    ) { call in
        let chunk = LuaChunk("return _", name: "=stdin", kind: .expression)
        let console = call.context.console
        let status = await console.run(
            chunk, renderer: console.renderer(.patientPerson), pager: call.context.chosenPager, scope: .current,
            drains: false)
        return .ended(status)
    }

    private static let next = ConsoleCommand(
        name: "next", summary: "the next page of the last page, or the next rows of the last iterator",
        details:
            "It becomes _ in its turn, so :next goes on to the end. Rows that were shown have passed then: a loop over the iterator begins with those of the last :next."
    ) { call in
        let console = call.context.console
        var renderer = console.renderer(.person)
        let chunk: LuaChunk
        switch try await Sequence.last(in: console.runtime) {
        case .page(let name): chunk = LuaChunk(nextPage(of: name), name: "=stdin", kind: .typed)
        case .iterator(let name):
            chunk = LuaChunk("return \(name)", name: "=stdin", kind: .typed)
            renderer.passes = true
        }
        return .ended(await console.run(chunk, renderer: renderer, scope: .current, drains: false))
    }

    private static func nextPage(of name: String) -> String {
        """
        local page = \(name):next()
        if page == nil then error("that was the last page", 0) end
        return page
        """
    }
}

/// What `:next` goes on with, by the global that holds it.
private enum Sequence {
    case page(String), iterator(String)

    /// Of the last results, the first that there is more of. Runs no code of a script's; an iterator is asked for an element,
    /// which is still to come.
    static func last(in runtime: LuaRuntime) async throws -> Sequence {
        let names = ["_"] + (1...9).map { "_\($0)" }
        let code = "return " + names.map { "rawget(_G, \"\($0)\")" }.joined(separator: ", ")
        let limit = LuaRuntime.SnapshotLimit(depth: 0, entries: 0, total: 0, marksRepeats: false, rows: 1)
        let values = try await runtime.run(LuaChunk(code, name: "=stdin", kind: .expression), snapshot: limit)
        for (name, value) in zip(names, values) {
            switch value.asTable?.metatable {
            case Rows.pageMetatable?: return .page(name)
            case ValueList.rowsMetatable?: return .iterator(name)
            default: continue
            }
        }
        throw CommandProblem(
            "none of the last results is a page or an iterator: hubspot.contacts.list() and .each() answer one")
    }
}
