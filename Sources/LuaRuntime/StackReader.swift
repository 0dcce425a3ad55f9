import CLuaBridge

/// Reads values off a Lua stack. Uses only functions that can neither raise nor allocate in Lua, so it may run
/// with Lua below it. `L` is valid for the duration of one call into Swift.
struct StackReader {
    let L: OpaquePointer

    /// More nesting than this is refused, cycles among it.
    static let maximumDepth = 200

    enum Problem: Error { case tooDeep, outOfStack }

    var count: Int32 { lua_gettop(L) }

    func type(_ index: Int32) -> Int32 { lua_type(L, index) }

    /// A string's bytes; the pointer lives as long as the string is on the stack.
    func bytes(_ index: Int32) -> UnsafeBufferPointer<UInt8> {
        var length = 0
        guard lua_type(L, index) == LUA_TSTRING, let text = lua_tolstring(L, index, &length) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: text, count: length).bindMemory(to: UInt8.self)
    }

    /// The string at `index`; nil where it is none or not UTF-8.
    func string(_ index: Int32) -> String? {
        guard lua_type(L, index) == LUA_TSTRING else { return nil }
        return String(validating: bytes(index), as: UTF8.self)
    }

    /// The place, counted from 1, of the first byte of the string at `index` that is not UTF-8; nil where all of it is.
    func invalidByte(_ index: Int32) -> Int? {
        let bytes = bytes(index)
        if bytes.withMemoryRebound(to: CChar.self, { ms_is_utf8($0.baseAddress, $0.count) }) { return nil }
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound + 1
        }
    }

    func value(_ index: Int32, depth: Int = 0) throws -> LuaValue {  // [-0, +0, -]
        if lua_type(L, index) == LUA_TTABLE { return .table(try table(lua_absindex(L, index), depth: depth)) }
        return scalar(index)
    }

    /// A value other than a table.
    func scalar(_ index: Int32) -> LuaValue {
        switch lua_type(L, index) {
        case LUA_TNIL, LUA_TNONE: return .none
        case LUA_TBOOLEAN: return .boolean(lua_toboolean(L, index) != 0)
        case LUA_TNUMBER: return number(index)
        case LUA_TSTRING: return string(index).map(LuaValue.string) ?? .bytes(Array(bytes(index)))
        default:
            if ms_json_is_null(L, index) { return .null }
            return opaque(index)
        }
    }

    func number(_ index: Int32) -> LuaValue {
        lua_isinteger(L, index) != 0
            ? .integer(lua_tointegerx(L, index, nil)) : .number(lua_tonumberx(L, index, nil))
    }

    private func opaque(_ index: Int32) -> LuaValue {
        let type = String(cString: lua_typename(L, lua_type(L, index)))
        let task = ms_task_number(L, index)
        if task != 0 { return .opaque(type: "task", description: "task \(task)") }
        let address = UInt(bitPattern: lua_topointer(L, index))
        return .opaque(type: type, description: "\(type): 0x\(String(address, radix: 16))")
    }

    private func table(_ index: Int32, depth: Int) throws -> LuaTable {
        guard lua_checkstack(L, 4) != 0 else { throw Problem.outOfStack }
        if ms_json_push_fields(L, index) {
            defer { lua_settop(L, -2) }  // no slot of ours is marked to be closed
            var table = try table(lua_gettop(L), depth: depth)
            table.metatable = ms_metatable_name(L, index).map { String(cString: $0) }
            return table
        }
        var table = LuaTable()
        if let name = ms_metatable_name(L, index) { table.metatable = String(cString: name) }
        table.isArray = ms_json_is_array(L, index)
        guard depth < Self.maximumDepth else { throw Problem.tooDeep }
        let top = lua_gettop(L)
        defer { lua_settop(L, top) }  // no slot of ours is marked to be closed
        let length = lua_rawlen(L, index)
        var position: lua_Unsigned = 1
        while position <= length {
            lua_rawgeti(L, index, lua_Integer(bitPattern: position))
            defer { lua_settop(L, top) }
            if lua_type(L, -1) == LUA_TNIL { break }
            table.list.append(try value(-1, depth: depth + 1))
            position += 1
        }
        lua_pushnil(L)
        while lua_next(L, index) != 0 {
            defer { lua_settop(L, top + 1) }
            if lua_isinteger(L, -2) != 0 {
                let key = lua_tointegerx(L, -2, nil)
                if key >= 1, key <= Int64(table.list.count) { continue }
            }
            table.fields.append(
                LuaTable.Field(try value(-2, depth: depth + 1), try value(-1, depth: depth + 1)))
        }
        return table
    }
}
