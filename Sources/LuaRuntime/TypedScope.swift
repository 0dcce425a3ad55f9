import CLuaBridge

/// The scope of the lines that a person types: the locals of one that the next ones see.
struct TypedScope {
    /// An `ms_state`.
    let state: OpaquePointer

    /// The names in the scope, and whether they are constants.
    func names() -> [String: Bool] {
        let L: OpaquePointer = ms_main(state)
        let top = lua_gettop(L)
        guard lua_checkstack(L, 8) != 0 else { return [:] }
        defer { lua_settop(L, top) }
        ms_push_scope(L)
        let names = Set(keys(of: top + 1, in: L)), constants = Set(keys(of: top + 2, in: L))
        return Dictionary(uniqueKeysWithValues: names.map { ($0, constants.contains($0)) })
    }

    private func keys(of table: Int32, in L: OpaquePointer) -> [String] {
        let reader = StackReader(L: L)
        let top = lua_gettop(L)
        var keys: [String] = []
        lua_pushnil(L)
        while lua_next(L, table) != 0 {
            if let key = reader.string(-2) { keys.append(key) }
            lua_settop(L, top + 1)
        }
        lua_settop(L, top)
        return keys
    }

    /// A typed chunk as it has to be compiled for the scope; nil where it can stand as it is.
    func scoped(_ source: [UInt8], isExpression: Bool) -> [UInt8]? {
        TypedLine(source).scoped(in: names(), isExpression: isExpression)
    }
}

extension LuaChunk {
    /// The locals of a typed line that end with it although they stand outside of all blocks: to-be-closed variables.
    public var endingLocals: [String] { TypedLine(source).locals.filter { !$0.isKept }.map(\.name) }
}
