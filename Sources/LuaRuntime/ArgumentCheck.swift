import CLuaBridge
import Words

/// Holds the arguments of a call against its declaration, on the stack, before anything is copied.
struct ArgumentCheck {
    let function: String
    let reader: StackReader
    private var L: OpaquePointer { reader.L }

    init(function: String, L: OpaquePointer) {
        self.function = function
        reader = StackReader(L: L)
    }

    /// - Throws: ``LuaError`` of kind `invalid_argument` that names the function and the argument.
    func check(_ parameters: [LuaParameter]) throws(LuaError) {
        let count = reader.count
        for (offset, parameter) in parameters.enumerated() {
            let index = Int32(offset + 1)
            if parameter.isVariadic {
                for extra in stride(from: index, through: count, by: 1) {
                    try check(parameter.type, at: extra, path: "#\(extra)")
                }
                return
            }
            if index > count || reader.type(index) == LUA_TNIL {
                if parameter.isOptional { continue }
                throw .invalidArgument(
                    "missing argument '\(parameter.name)' to '\(function)' (\(parameter.type.expectation) expected)")
            }
            try check(parameter.type, at: index, path: parameter.name)
        }
    }

    /// The arguments as values, converted as their types say.
    /// - Throws: ``LuaError`` of kind `invalid_argument`, or ``OutOfMemory``.
    func read(_ parameters: [LuaParameter]) throws -> [LuaValue] {
        var values: [LuaValue] = []
        values.reserveCapacity(parameters.count)
        for (offset, parameter) in parameters.enumerated() {
            let index = Int32(offset + 1)
            if parameter.isVariadic {
                if let limit = parameter.snapshot {
                    defer { ms_drop_texts(L) }
                    return values + (try snapshots(from: index, limit()))
                }
                for extra in stride(from: index, through: reader.count, by: 1) {
                    values.append(try read(parameter.type, at: extra, path: "#\(extra)"))
                }
                break
            }
            values.append(index > reader.count ? .none : try read(parameter.type, at: index, path: parameter.name))
        }
        return values
    }

    private func read(_ type: LuaType, at index: Int32, path: String) throws -> LuaValue {
        switch type {
        case .json where reader.type(index) != LUA_TNIL: return try json(at: index, path: path)
        case .id:
            return reader.type(index) == LUA_TNUMBER
                ? .string(String(lua_tointegerx(L, index, nil))) : try copy(index, path)
        case .integer where reader.type(index) == LUA_TNUMBER: return .integer(lua_tointegerx(L, index, nil))
        case .either(let types):
            for type in types where problem(type, at: index, path: path) == nil {
                return try read(type, at: index, path: path)
            }
            return try copy(index, path)
        case .described(let type, _): return try read(type, at: index, path: path)
        default: return try copy(index, path)
        }
    }

    private func snapshots(from first: Int32, _ limit: LuaRuntime.SnapshotLimit) throws -> [LuaValue] {
        do throws(SnapshotReader.Problem) {
            let reader = try SnapshotReader(thread: L, limit: limit)
            defer { reader.finish() }
            var values: [LuaValue] = []
            for index in stride(from: first, through: reader.count, by: 1) { values.append(try reader.value(index)) }
            return values
        } catch {
            throw LuaError.invalidArgument(error.message)
        }
    }

    private func copy(_ index: Int32, _ path: String) throws -> LuaValue {
        do {
            return try reader.value(index)
        } catch {
            throw LuaError.invalidArgument("bad argument '\(path)' to '\(function)' (nested too deeply, or in a cycle)")
        }
    }

    private func json(at index: Int32, path: String) throws -> LuaValue {
        guard lua_checkstack(L, 4) != 0 else { throw OutOfMemory() }
        var text: UnsafePointer<CChar>?
        var length = 0
        let status = ms_json_of_argument(L, index, &text, &length)
        if status == LUA_OK, let text {
            return .bytes(Array(UnsafeRawBufferPointer(start: text, count: length)))
        }
        let why = reader.string(-1) ?? "it cannot be written"
        ms_pop(L, 1)
        if status == LUA_ERRMEM { throw OutOfMemory() }
        throw LuaError.invalidArgument("bad argument '\(path)' to '\(function)' (\(why))")
    }

    private func check(_ type: LuaType, at index: Int32, path: String) throws(LuaError) {
        if let problem = problem(type, at: index, path: path) { throw .invalidArgument(problem) }
    }

    private func mismatch(_ type: LuaType, at index: Int32, path: String) -> String {
        let got =
            switch reader.type(index) {
            case LUA_TNUMBER where type.isWhole && lua_isinteger(L, index) == 0:
                Self.describe(lua_tonumberx(L, index, nil))
            case LUA_TSTRING where reader.string(index) == nil: "a string that is not valid UTF-8"
            case _ where ms_json_is_null(L, index): "json.null"
            case let other: String(cString: lua_typename(L, other))
            }
        return "bad argument '\(path)' to '\(function)' (\(type.expectation) expected, got \(got))"
    }

    /// A number that is no 64-bit integer.
    private static func describe(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return number == number.rounded() ? "a number beyond 64 bits" : "a number with a fraction"
    }

    /// The reason why the value at `index` does not fit, or nil.
    private func problem(_ type: LuaType, at index: Int32, path: String) -> String? {
        let actual = reader.type(index)
        let isRight: Bool
        switch type {
        case .any, .json: return actual == LUA_TFUNCTION && type.isJSON ? mismatch(type, at: index, path: path) : nil
        case .named: return nil
        case .boolean: isRight = actual == LUA_TBOOLEAN
        case .integer:
            var isExact: Int32 = 0
            if actual == LUA_TNUMBER { lua_tointegerx(L, index, &isExact) }
            isRight = isExact != 0
        case .number: isRight = actual == LUA_TNUMBER
        case .string:
            isRight = actual == LUA_TSTRING
            if isRight, let byte = reader.invalidByte(index) {
                return "bad argument '\(path)' to '\(function)' (the string is not valid UTF-8 at byte \(byte))"
            }
        case .id:
            var isExact: Int32 = 0
            if actual == LUA_TNUMBER { lua_tointegerx(L, index, &isExact) }
            isRight = isExact != 0 || (actual == LUA_TSTRING && reader.string(index) != nil)
        case .choice(let choices):
            guard actual == LUA_TSTRING else { return mismatch(type, at: index, path: path) }
            let text = reader.string(index) ?? ""
            if choices.contains(text) { return nil }
            return "bad argument '\(path)' to '\(function)' (\(type.expectation) expected, got '\(text.prefix(40))')"
        case .function:
            isRight = actual == LUA_TFUNCTION || (actual == LUA_TTABLE || actual == LUA_TUSERDATA) && isCallable(index)
        case .table: isRight = actual == LUA_TTABLE
        case .list(let element):
            guard actual == LUA_TTABLE else { return mismatch(type, at: index, path: path) }
            return problemInList(element, at: lua_absindex(L, index), path: path)
        case .map(let element):
            guard actual == LUA_TTABLE else { return mismatch(type, at: index, path: path) }
            return problemInMap(element, at: lua_absindex(L, index), path: path)
        case .shape(let shape):
            guard actual == LUA_TTABLE else { return mismatch(type, at: index, path: path) }
            return problem(in: shape, at: lua_absindex(L, index), path: path)
        case .either(let types):
            var first: String?
            for type in types {
                guard let problem = problem(type, at: index, path: path) else { return nil }
                // A table that is nearly right is refused for the fault inside it rather than for being a table.
                if actual == LUA_TTABLE, type.isTable, first == nil { first = problem }
            }
            return first ?? mismatch(type, at: index, path: path)
        case .described(let type, _): return problem(type, at: index, path: path)
        }
        return isRight ? nil : mismatch(type, at: index, path: path)
    }

    private func isCallable(_ index: Int32) -> Bool {
        guard lua_checkstack(L, 2) != 0, lua_getmetatable(L, index) != 0 else { return false }
        ms_pop(L, 1)
        return true  // calling it says whether __call is there
    }

    private func problemInList(_ element: LuaType, at index: Int32, path: String) -> String? {
        guard lua_checkstack(L, 4) != 0 else { return "bad argument '\(path)' to '\(function)' (nested too deeply)" }
        let length = Int64(lua_rawlen(L, index))
        var count: Int64 = 0
        let top = lua_gettop(L)
        defer { lua_settop(L, top) }
        lua_pushnil(L)
        while lua_next(L, index) != 0 {
            lua_settop(L, top + 1)
            var isExact: Int32 = 0
            let key = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &isExact) : 0
            count += 1
            if isExact == 0 || key < 1 || key > length {
                let name = StackReader(L: L).string(-1).map { "'\($0.prefix(40))'" } ?? "a key out of order"
                return "bad argument '\(path)' to '\(function)' (a list expected, got a table with \(name))"
            }
        }
        if count != length { return "bad argument '\(path)' to '\(function)' (a list without gaps expected)" }
        guard !element.isAny else { return nil }
        for position in stride(from: Int64(1), through: length, by: 1) {
            lua_rawgeti(L, index, position)
            defer { lua_settop(L, top) }
            if let problem = problem(element, at: top + 1, path: "\(path)[\(position)]") { return problem }
        }
        return nil
    }

    private func problemInMap(_ element: LuaType, at index: Int32, path: String) -> String? {
        guard lua_checkstack(L, 4) != 0 else { return "bad argument '\(path)' to '\(function)' (nested too deeply)" }
        let top = lua_gettop(L)
        defer { lua_settop(L, top) }
        lua_pushnil(L)
        while lua_next(L, index) != 0 {
            defer { lua_settop(L, top + 1) }
            guard lua_type(L, -2) == LUA_TSTRING, let key = reader.string(-2) else {
                return "bad argument '\(path)' to '\(function)' (names as keys expected)"
            }
            if let problem = problem(element, at: top + 2, path: "\(path).\(key)") { return problem }
        }
        return nil
    }

    private func problem(in shape: LuaShape, at index: Int32, path: String) -> String? {
        guard lua_checkstack(L, 4) != 0 else { return "bad argument '\(path)' to '\(function)' (nested too deeply)" }
        let top = lua_gettop(L)
        var present: Set<String> = []
        defer { lua_settop(L, top) }
        lua_pushnil(L)
        while lua_next(L, index) != 0 {
            defer { lua_settop(L, top + 1) }
            guard lua_type(L, -2) == LUA_TSTRING, let key = reader.string(-2) else {
                if shape.isOpen { continue }
                return "bad argument '\(path)' to '\(function)' (named options expected, got a list)"
            }
            guard let field = shape.fields.first(where: { $0.name == key }) else {
                if shape.isOpen { continue }
                let hint = NearestName.hint(for: key, among: shape.fields.map(\.name))
                return "bad argument '\(path)' to '\(function)' (unknown option '\(key.prefix(60))'\(hint))"
            }
            present.insert(key)
            if let problem = problem(field.type, at: top + 2, path: "\(path).\(key)") { return problem }
        }
        for field in shape.fields where !field.isOptional && !present.contains(field.name) {
            return "missing argument '\(path).\(field.name)' to '\(function)' (\(field.type.expectation) expected)"
        }
        return nil
    }
}

/// Lua's own error of that name.
struct OutOfMemory: LuaRaisable {
    var luaValue: LuaValue { "not enough memory" }
}

extension LuaType {
    var isJSON: Bool { if case .json = self { true } else { false } }
    var isAny: Bool { if case .any = self { true } else { false } }
    /// Whether it takes whole numbers only.
    var isWhole: Bool {
        switch self {
        case .integer, .id: true
        default: false
        }
    }
    /// Whether it takes tables alone.
    public var isTable: Bool {
        switch self {
        case .table, .list, .map, .shape: true
        case .described(let type, _): type.isTable
        default: false
        }
    }

    /// The expected type in the words of a message: `string or integer`.
    public var expectation: String {
        switch self {
        case .any: "any value"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .choice(let choices): "one of " + choices.map { "'\($0)'" }.joined(separator: ", ")
        case .id: "string or integer"
        case .function: "function"
        case .list: "list"
        case .map, .table, .shape: "table"
        case .json: "JSON value"
        case .named(let name): name
        case .either(let types):
            types.map(\.expectation).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: " or ")
        case .described(let type, _): type.expectation
        }
    }
}
