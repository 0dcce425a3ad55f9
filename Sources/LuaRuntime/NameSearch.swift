import CLuaBridge

/// Completion: the names below a path, from the declarations and from tables read raw.
struct NameSearch {
    /// An `ms_state`.
    let state: OpaquePointer
    let modules: [LuaModule]

    /// - Parameter path: Names, and elements of lists as `[2]`.
    func names(in path: [String]) -> [(name: String, type: String)] {
        var names: [String: String] = [:]
        if let first = path.first, let module = modules.first(where: { $0.name == first }) {
            names = below(module, path.dropFirst()) ?? [:]
        }
        readNames(in: path, into: &names)
        return names.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// What a module declares, or one below it.
    private func below(_ module: LuaModule, _ path: ArraySlice<String>) -> [String: String]? {
        guard let module = path.reduce(Optional(module), { $0?.submodule?($1) }) else { return nil }
        var names: [String: String] = [:]
        for function in module.functions { names[function.name] = "function" }
        for constant in module.constants { names[constant.name] = "field" }
        for submodule in module.submodules { names[submodule] = "table" }
        return names
    }

    /// The declaration of the module that is on the top, whatever a script calls it: `local b = hubspot.connect("b")`.
    private func declared(_ L: OpaquePointer) -> LuaModule? {
        guard let name = ms_module_name(L, -1) else { return nil }
        var parts = String(cString: name).split(separator: ".").map(String.init)[...]
        guard let root = parts.popFirst().flatMap({ first in modules.first { $0.name == first } }) else { return nil }
        return parts.reduce(Optional(root)) { $0?.submodule?($1) }
    }

    private func readNames(in path: [String], into names: inout [String: String]) {
        let L: OpaquePointer = ms_main(state)
        let top = lua_gettop(L)
        defer { lua_settop(L, top) }
        guard lua_checkstack(L, Int32(path.count) * 5 + 8) != 0 else { return }
        if path.isEmpty { for name in TypedScope(state: state).names().keys { names[name] = "local" } }
        var path = path[...]
        if let first = path.first, pushLocal(L, first) {
            path = path.dropFirst()
        } else {
            ms_push_globals(L)
        }
        for (offset, name) in zip(path.indices, path) {
            guard lua_type(L, -1) == LUA_TTABLE else { return }
            let module = declared(L)
            if let place = Self.place(name) {
                guard element(L, place) else { return }
                continue
            }
            guard descend(L, to: name) else {
                // A module's submodules are made when a script first names them.
                if let module, let below = below(module, path[offset...]) { names.merge(below) { known, _ in known } }
                return
            }
        }
        if lua_type(L, -1) == LUA_TSTRING {
            ms_push_globals(L)
            guard descend(L, to: "string") else { return }
        }
        // A file: what its metatable leads to.
        if lua_type(L, -1) == LUA_TUSERDATA { return readBehind(L, into: &names) }
        guard lua_type(L, -1) == LUA_TTABLE else { return }
        if let module = declared(L), let declared = below(module, []) { names.merge(declared) { known, _ in known } }
        readTable(L, into: &names)
        readBehind(L, into: &names)
    }

    /// The names in the table on the top.
    private func readTable(_ L: OpaquePointer, as type: String? = nil, into names: inout [String: String]) {
        let table = lua_gettop(L)
        let reader = StackReader(L: L)
        lua_pushnil(L)
        while lua_next(L, table) != 0 {
            if let key = reader.string(-2), names[key] == nil {
                names[key] = type ?? String(cString: lua_typename(L, lua_type(L, -1)))
            }
            lua_settop(L, table + 1)
        }
    }

    /// What is read through the table on the top: a record's properties, a page's function, the table that `__index` is. No
    /// metamethod runs.
    private func readBehind(_ L: OpaquePointer, into names: inout [String: String]) {
        let top = lua_gettop(L)
        switch ms_metatable_name(L, top).map({ String(cString: $0) }) {
        case "hubspot.record"?:
            if descend(L, to: "properties"), lua_type(L, -1) == LUA_TTABLE {
                readTable(L, as: "property", into: &names)
            }
        case "hubspot.page"?: names["next"] = "function"
        default:
            // An object of a class, and of those that it inherits from.
            for _ in 0..<10 {
                guard lua_checkstack(L, 8) != 0, lua_getmetatable(L, -1) != 0, descend(L, to: "__index"),
                    lua_type(L, -1) == LUA_TTABLE
                else { return }
                readTable(L, into: &names)
            }
        }
    }

    /// `[2]`, an element of a list.
    private static func place(_ name: String) -> lua_Integer? {
        name.first == "[" && name.last == "]" ? lua_Integer(name.dropFirst().dropLast()) : nil
    }

    /// Pushes an element of the list on the top, or of the page's results; false where there is none.
    private func element(_ L: OpaquePointer, _ place: lua_Integer) -> Bool {
        let table = lua_gettop(L)
        lua_rawgeti(L, table, place)
        if lua_type(L, -1) != LUA_TNIL { return true }
        lua_settop(L, table)
        guard descend(L, to: "results"), lua_type(L, -1) == LUA_TTABLE else { return false }
        return lua_rawgeti(L, -1, place) != LUA_TNIL
    }

    /// Pushes a local of the typed lines; false where none has that name.
    private func pushLocal(_ L: OpaquePointer, _ name: String) -> Bool {
        ms_push_scope(L)
        ms_pop(L, 1)
        return descend(L, to: name) && name.withCString { ms_push_local(L, lua_gettop(L), $0) }
    }

    /// Replaces nothing, pushes the field: searched by walking, since pushing the name could allocate.
    private func descend(_ L: OpaquePointer, to name: String) -> Bool {
        let table = lua_gettop(L)
        lua_pushnil(L)
        while lua_next(L, table) != 0 {
            if StackReader(L: L).string(-2) == name { return true }
            lua_settop(L, table + 1)
        }
        return false
    }
}
