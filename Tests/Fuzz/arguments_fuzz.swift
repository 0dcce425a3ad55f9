// Feeds arguments that bytes describe to the check of declared parameters, and what is read to the writer of messages.
// scripts/fuzz builds and runs it, together with the sources of LuaRuntime that it tests.
//
// The bytes describe the declaration first, then the values on the stack: nested, cyclic, with metatables, too deep.
import CLuaBridge
import Glibc

/// Stands for the whole runtime, of which the reader needs no more.
enum LuaRuntime {
    struct SnapshotLimit {
        var depth: Int
        var entries: Int
    }
}

/// Decisions out of the input; zeros when it has ended.
private struct Dice {
    var bytes: ArraySlice<UInt8>

    mutating func next() -> UInt8 { bytes.popFirst() ?? 0 }
    mutating func next(below bound: UInt8) -> UInt8 { next() % bound }
    mutating func text() -> [UInt8] { (0..<next(below: 12)).map { _ in next() } }
    mutating func number() -> UInt64 { (0..<8).reduce(0) { number, _ in number << 8 | UInt64(next()) } }

    mutating func type(depth: Int = 0) -> LuaType {
        switch next(below: depth > 4 ? 9 : 15) {
        case 0: return .any
        case 1: return .boolean
        case 2: return .integer
        case 3: return .number
        case 4: return .string
        case 5: return .id
        case 6: return .function
        case 7: return .json
        case 8: return .choice(["a", "ab"])
        case 9: return .table
        case 10: return .list(type(depth: depth + 1))
        case 11: return .map(type(depth: depth + 1))
        case 12: return .named("fuzz")
        case 13: return .either([type(depth: depth + 1), type(depth: depth + 1)])
        default:
            let isOpen = next(below: 2) == 1
            let fields = ["a", "b", "list"].map { name in
                let type = type(depth: depth + 1)
                return next(below: 2) == 1 ? LuaParameter.required(name, type, "") : .optional(name, type, "")
            }
            return .shape(LuaShape("fuzz.Shape", "", isOpen: isOpen, fields: fields))
        }
    }

    mutating func parameters() -> [LuaParameter] {
        (0..<next(below: 4)).map { index in
            let type = type()
            switch next(below: 3) {
            case 0: return .required("p\(index)", type, "")
            case 1: return .optional("p\(index)", type, "")
            default: return .variadic("", type)
            }
        }
    }

    /// Leaves one value on the stack.
    mutating func push(_ L: OpaquePointer, depth: Int = 0) {
        guard lua_checkstack(L, 300) != 0 else { abort() }
        switch next(below: depth > 220 ? 9 : 14) {
        case 0: lua_pushnil(L)
        case 1: lua_pushboolean(L, Int32(next(below: 2)))
        case 2: lua_pushinteger(L, lua_Integer(Int8(bitPattern: next())))
        case 3: lua_pushinteger(L, lua_Integer(bitPattern: number()))
        case 4: lua_pushnumber(L, Double(bitPattern: number()))
        case 5: pushText(L)
        case 6: ms_json_push_null(L)
        case 7: lua_pushcclosure(L, { _ in 0 }, 0)
        case 8 where lua_gettop(L) > 0: lua_pushvalue(L, 1)  // a cycle, where that is a table around this one
        case 9:
            let base = lua_gettop(L)
            for _ in 0...next() { lua_createtable(L, 0, 0) }
            while lua_gettop(L) > base + 1 { lua_rawseti(L, -2, 1) }  // each in the one below
        default: pushTable(L, depth: depth)
        }
    }

    private mutating func pushText(_ L: OpaquePointer) {
        let text = text().map { CChar(bitPattern: $0) }
        lua_pushlstring(L, text, text.count)
    }

    private mutating func pushTable(_ L: OpaquePointer, depth: Int) {
        lua_createtable(L, 0, 0)
        let table = lua_gettop(L)
        for position in 1...(lua_Integer(next(below: 5)) + 1) {
            if next(below: 3) == 0 {
                push(L, depth: depth + 1)
                if lua_gettop(L) == table || lua_type(L, -1) == LUA_TNIL || isNaN(L) {
                    lua_settop(L, table)
                    continue
                }
                lua_settop(L, table + 1)
            } else {
                lua_pushinteger(L, position)
            }
            push(L, depth: depth + 1)
            lua_settop(L, table + 2)
            lua_rawset(L, table)
        }
        if next(below: 4) == 0 {
            ms_json_push_array_metatable(L)
            lua_setmetatable(L, table)
        }
    }

    private func isNaN(_ L: OpaquePointer) -> Bool {
        lua_type(L, -1) == LUA_TNUMBER && lua_tonumberx(L, -1, nil).isNaN
    }
}

/// Numbers for functions; none is ever called.
private final class Registry: FunctionRegistry {
    func register(_ function: LuaFunction, in module: String) -> Int64 { 2 }
    func write(_ module: LuaModule, to writer: inout MessageWriter) { writer.tag(MS_NIL) }
}

private func makeHost() -> ms_host {
    var host = ms_host()
    host.call = { _, _, _ in ms_reply() }
    host.drop = { _, _ in }
    host.forget = { _, _ in }
    host.poll = { _ in MS_GO_ON }
    return host
}

private func require(_ condition: Bool, _ what: String) {
    guard !condition else { return }
    fatalError("unexpected: \(what)")
}

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var dice = Dice(bytes: Array(UnsafeBufferPointer(start: data, count: size))[...])
    guard let state = ms_open(makeHost(), 0, true) else { abort() }
    defer { ms_close(state) }
    let L: OpaquePointer = ms_main(state)
    let parameters = dice.parameters()
    for _ in 0..<dice.next(below: 5) { dice.push(L) }
    let top = lua_gettop(L)
    let check = ArgumentCheck(function: "fuzz.call", L: L)
    do {
        try check.check(parameters)
        require(lua_gettop(L) == top, "the check left the stack \(lua_gettop(L)) high instead of \(top)")
        let values = try check.read(parameters)
        require(lua_gettop(L) == top, "reading left the stack \(lua_gettop(L)) high instead of \(top)")
        var writer = MessageWriter()
        writer.write(.table(LuaTable(list: values)), registry: Registry())
        let status = ms_set_global(state, "values", writer.finish())
        require(status == LUA_OK, "what was read cannot be written: " + (StackReader(L: L).string(-1) ?? "?"))
    } catch let error as LuaError {
        require(error.kind == "invalid_argument" && error.message.contains("fuzz.call"), error.message)
        require(lua_gettop(L) == top, "a refusal left the stack \(lua_gettop(L)) high instead of \(top)")
    } catch {
        require(false, "\(error)")
    }
    return 0
}
