import CLuaBridge

/// Completion: the names below a path, from the declarations and from tables read raw.
struct NameSearch {
    /// An `ms_state`.
    let state: OpaquePointer
    let modules: [LuaModule]

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
        guard lua_checkstack(L, Int32(path.count) * 3 + 8) != 0 else { return }
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
            guard descend(L, to: name) else {
                // A module's submodules are made when a script first names them.
                if let module, let below = below(module, path[offset...]) { names.merge(below) { known, _ in known } }
                return
            }
        }
        guard lua_type(L, -1) == LUA_TTABLE else { return }
        if let module = declared(L), let declared = below(module, []) { names.merge(declared) { known, _ in known } }
        let table = lua_gettop(L)
        let reader = StackReader(L: L)
        lua_pushnil(L)
        while lua_next(L, table) != 0 {
            if let key = reader.string(-2), names[key] == nil {
                names[key] = String(cString: lua_typename(L, lua_type(L, -1)))
            }
            lua_settop(L, table + 1)
        }
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
