/// Where Lua's own manual tells of a name.
enum LuaManual {
    private static let address = "https://www.lua.org/manual/5.4/manual.html"

    /// A line that names the place; nil for a name that is none of Lua's.
    static func page(_ name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1, functions.contains(name) {
            return "\(name) is a function of Lua's own: \(address)#pdf-\(name)"
        }
        if parts.count == 1, let section = words[name] { return "\(name) is a word of Lua's: \(address)#\(section)" }
        guard let library = libraries[parts[0]] else { return nil }
        if parts.count == 1 { return "\(name) is a library of Lua's own: \(address)#\(library.section)" }
        guard parts.count == 2, library.names.contains(parts[1]) else { return nil }
        return "\(name) is a function of Lua's own: \(address)#pdf-\(name)"
    }

    private static let functions: Set<String> = [
        "assert", "collectgarbage", "dofile", "error", "getmetatable", "ipairs", "load", "loadfile", "next", "pairs",
        "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "tonumber",
        "tostring", "type", "warn", "xpcall", "_G", "_VERSION",
    ]

    private static let words: [String: String] = [
        "and": "3.4.5", "or": "3.4.5", "not": "3.4.5", "break": "3.3.4", "do": "3.3.1", "while": "3.3.4",
        "repeat": "3.3.4", "until": "3.3.4", "if": "3.3.4", "then": "3.3.4", "else": "3.3.4", "elseif": "3.3.4",
        "goto": "3.3.4", "return": "3.3.4", "for": "3.3.5", "in": "3.3.5", "function": "3.4.11", "end": "3.3.1",
        "local": "3.3.7", "nil": "2.1", "true": "2.1", "false": "2.1",
    ]

    private static let libraries: [String: (section: String, names: Set<String>)] = [
        "coroutine": (
            "6.2", ["close", "create", "isyieldable", "resume", "running", "status", "wrap", "yield"]
        ),
        "package": (
            "6.3", ["config", "cpath", "loaded", "loadlib", "path", "preload", "searchers", "searchpath"]
        ),
        "string": (
            "6.4",
            [
                "byte", "char", "dump", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize",
                "rep", "reverse", "sub", "unpack", "upper",
            ]
        ),
        "utf8": ("6.5", ["char", "charpattern", "codepoint", "codes", "len", "offset"]),
        "table": ("6.6", ["concat", "insert", "move", "pack", "remove", "sort", "unpack"]),
        "math": (
            "6.7",
            [
                "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max",
                "maxinteger", "min", "mininteger", "modf", "pi", "rad", "random", "randomseed", "sin", "sqrt", "tan",
                "tointeger", "type", "ult",
            ]
        ),
        "io": (
            "6.8",
            [
                "close", "flush", "input", "lines", "open", "output", "popen", "read", "stderr", "stdin", "stdout",
                "tmpfile", "type", "write",
            ]
        ),
        "os": (
            "6.9",
            [
                "clock", "date", "difftime", "execute", "exit", "getenv", "remove", "rename", "setlocale", "time",
                "tmpname",
            ]
        ),
        "debug": (
            "6.10",
            [
                "debug", "gethook", "getinfo", "getlocal", "getmetatable", "getregistry", "getupvalue", "getuservalue",
                "sethook", "setlocal", "setmetatable", "setupvalue", "setuservalue", "traceback", "upvalueid",
                "upvaluejoin",
            ]
        ),
    ]
}
