import CLuaBridge

/// Copies the results of a chunk off its thread's stack, for printing. A table that occurs several times is copied once; one
/// that contains itself ends where it comes again.
///
/// Uses only functions that can neither raise nor allocate in Lua, as ``StackReader`` does.
final class SnapshotReader {
    enum Problem: Error {
        case containsItself, outOfStack

        var message: String {
            switch self {
            case .containsItself: "a table that contains itself can be shown as text only"
            case .outOfStack: "a result is too large to be shown"
            }
        }
    }

    private let L: OpaquePointer
    private let reader: StackReader
    private let limit: LuaRuntime.SnapshotLimit
    /// Indices of the tables of `ms_push_texts`; 0 where nothing was asked.
    private let texts: Int32
    private let typeNames: Int32
    let count: Int32
    private var copies: [UInt: LuaTable] = [:]
    private var open: Set<UInt> = []
    /// Entries that may still be copied.
    private var left: Int

    /// - Parameter thread: Of a task that has ended, whose stack holds the results; or of a call, whose stack holds the
    ///   arguments.
    init(thread: OpaquePointer, limit: LuaRuntime.SnapshotLimit) throws(Problem) {
        L = thread
        reader = StackReader(L: thread)
        self.limit = limit
        left = limit.total
        count = lua_gettop(thread)
        guard lua_checkstack(thread, 8) != 0 else { throw .outOfStack }
        ms_push_texts(thread)
        texts = lua_type(thread, count + 1) == LUA_TTABLE ? count + 1 : 0
        typeNames = texts == 0 ? 0 : count + 2
    }

    /// Takes off the tables that ``init(thread:limit:)`` has pushed.
    func finish() { lua_settop(L, count) }

    func value(_ index: Int32, depth: Int = 0) throws(Problem) -> LuaValue {  // [-0, +0, -]
        switch lua_type(L, index) {
        case LUA_TTABLE:
            if let text = lookUp(index, in: texts) { return .opaque(type: "table", description: text) }
            return .table(try table(lua_absindex(L, index), depth: depth))
        case LUA_TUSERDATA:
            if let text = lookUp(index, in: texts) { return .opaque(type: "userdata", description: text) }
            let plain = reader.scalar(index)
            guard case .opaque(let type, let description) = plain, let name = lookUp(index, in: typeNames) else {
                return plain
            }
            return .opaque(type: type, description: name + description.drop { $0 != ":" })
        case LUA_TFUNCTION:
            if let table = try elements(of: index, depth: depth) { return .table(table) }
            if let text = lookUp(index, in: texts) { return .opaque(type: "function", description: text) }
            return reader.scalar(index)
        default: return reader.scalar(index)
        }
    }

    /// The elements that an iterator was asked for.
    private func elements(of index: Int32, depth: Int) throws(Problem) -> LuaTable? {
        guard texts != 0, lua_checkstack(L, 2) != 0 else { return nil }
        lua_pushvalue(L, index)
        lua_rawget(L, texts)
        defer { ms_pop(L, 1) }
        return lua_type(L, -1) == LUA_TTABLE ? try table(lua_gettop(L), depth: depth) : nil
    }

    private func lookUp(_ index: Int32, in table: Int32) -> String? {
        guard table != 0, lua_checkstack(L, 2) != 0 else { return nil }
        lua_pushvalue(L, index)
        lua_rawget(L, table)
        defer { ms_pop(L, 1) }
        guard lua_type(L, -1) == LUA_TSTRING else { return nil }
        return String(decoding: reader.bytes(-1), as: UTF8.self)
    }

    private func table(_ index: Int32, depth: Int) throws(Problem) -> LuaTable {
        let identity = UInt(bitPattern: lua_topointer(L, index))
        if let copy = copies[identity] { return copy }
        var table = LuaTable()
        table.identity = LuaTable.Identity(number: identity)
        if open.contains(identity) {
            guard limit.marksRepeats else { throw .containsItself }
            table.isTruncated = true
            return table
        }
        guard lua_checkstack(L, 6) != 0 else { throw .outOfStack }
        if let name = ms_metatable_name(L, index) { table.metatable = String(cString: name) }
        table.typeName = lookUp(index, in: typeNames)
        table.isArray = ms_json_is_array(L, index)
        table.nulls = nulls(of: index)
        if depth >= limit.depth {
            lua_pushnil(L)
            table.isTruncated = lua_next(L, index) != 0
            if table.isTruncated { ms_pop(L, 2) }
            return table
        }
        open.insert(identity)
        defer { open.remove(identity) }
        if ms_json_push_fields(L, index) {
            defer { ms_pop(L, 1) }
            try copyEntries(of: lua_gettop(L), to: &table, depth: depth)
        } else {
            try copyEntries(of: index, to: &table, depth: depth)
        }
        copies[identity] = table
        return table
    }

    private func nulls(of index: Int32) -> [String] {
        guard ms_json_push_nulls(L, index) else { return [] }
        let top = lua_gettop(L)
        defer { lua_settop(L, top - 1) }
        var names: [String] = []
        lua_pushnil(L)
        while lua_next(L, top) != 0 {
            if let name = reader.string(-2) { names.append(name) }
            lua_settop(L, top + 1)
        }
        return names.sorted()
    }

    private func copyEntries(of index: Int32, to table: inout LuaTable, depth: Int) throws(Problem) {
        let top = lua_gettop(L)
        defer { lua_settop(L, top) }  // no slot of ours is marked to be closed
        let length = lua_rawlen(L, index)
        var position: lua_Unsigned = 1
        while position <= length, table.list.count < limit.entries, left > 0 {
            lua_rawgeti(L, index, lua_Integer(bitPattern: position))
            if lua_type(L, -1) == LUA_TNIL { break }
            left -= 1
            table.list.append(try value(-1, depth: depth + 1))
            lua_settop(L, top)
            position += 1
        }
        lua_settop(L, top)
        lua_pushnil(L)
        while lua_next(L, index) != 0 {
            defer { lua_settop(L, top + 1) }
            if lua_isinteger(L, -2) != 0 {
                let key = lua_tointegerx(L, -2, nil)
                if key >= 1, key <= Int64(table.list.count) { continue }
            }
            guard table.fields.count + table.list.count < limit.entries, left > 0 else {
                table.isTruncated = true
                table.omitted += 1
                continue
            }
            left -= 1
            let key = try value(-2, depth: depth + 1)
            table.fields.append(LuaTable.Field(key, try value(-1, depth: depth + 1)))
        }
    }
}

extension LuaRuntime.SnapshotLimit {
    /// What has to be asked before the values are copied.
    var showing: ms_showing {
        ms_showing(texts: marksRepeats, rows: rows == .max ? -1 : Int64(rows), passes: passes)
    }
}
