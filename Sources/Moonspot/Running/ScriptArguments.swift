import LuaRuntime

/// The words of the command line as bytes, and the `arg` table that scripts see.
struct ScriptArguments: Sendable {
    /// The program's name and everything behind it.
    var words: [LuaValue]
    /// Index of the script's name in ``words``; nil where there is no script.
    var script: Int?
    /// The `...` of a piece of code without a script.
    var extra: [LuaValue] = []

    /// Words need not be UTF-8: a file's name may be anything.
    static func ofProcess(script: Int?) -> ScriptArguments {
        let count = Int(CommandLine.argc)
        let words = (0..<count).compactMap { index in
            CommandLine.unsafeArgv[index].map { pointer in
                var bytes: [UInt8] = []
                var at = pointer
                while at.pointee != 0 {
                    bytes.append(UInt8(bitPattern: at.pointee))
                    at += 1
                }
                return String(validating: bytes, as: UTF8.self).map(LuaValue.string) ?? .bytes(bytes)
            }
        }
        return ScriptArguments(words: words, script: script)
    }

    /// The script's `...`.
    var arguments: [LuaValue] { script.map { Array(words[($0 + 1)...]) } ?? extra }

    /// `arg`, as in `lua`: the script at 0, its arguments behind it, the words before it at negative numbers. Without a
    /// script, the program is at 0.
    var table: LuaValue {
        let origin = script ?? 0
        var table = LuaTable(list: Array(words[min(origin + 1, words.count)...]))
        table.fields = words.prefix(origin + 1).enumerated().map { index, word in
            LuaTable.Field(.integer(Int64(index - origin)), word)
        }
        return .table(table)
    }
}

extension ScriptArguments {
    /// The folder that a script's own modules lie in.
    static func folder(of script: String) -> String {
        guard let slash = script.lastIndex(of: "/") else { return "." }
        return slash == script.startIndex ? "/" : String(script[..<slash])
    }

    /// The script as it was named; nil without one.
    var path: String? { script.flatMap { words[$0].asString } }

    /// The script as others see it: its file's name, `-` for standard input. Never its arguments.
    var name: String {
        guard let script, case .string(let path) = words[script] else { return "script" }
        return path.split(separator: "/").last.map(String.init) ?? path
    }
}
