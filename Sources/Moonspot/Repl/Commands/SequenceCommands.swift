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
        name: "next", summary: "the next page of the last page",
        details: "It becomes _ in its turn, so :next goes on to the end."
    ) { call in
        let console = call.context.console
        let chunk = LuaChunk(nextPage, name: "=stdin", kind: .typed)
        let status = await console.run(chunk, renderer: console.renderer(.person), scope: .current, drains: false)
        return .ended(status)
    }

    /// Looks for a page among the last results, the last one first.
    private static let nextPage = """
        for place = 0, 9 do
          local value = rawget(_G, place == 0 and "_" or "_" .. place)
          local metatable = type(value) == "table" and getmetatable(value)
          if type(metatable) == "table" and rawget(metatable, "__name") == "\(Rows.pageMetatable)" then
            local page = value:next()
            if page == nil then error("that was the last page", 0) end
            return page
          end
        end
        error("none of the last results is a page: hubspot.contacts.list() is one", 0)
        """
}
