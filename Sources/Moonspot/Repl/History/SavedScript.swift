import LuaRuntime

/// Typed lines as a script that does the same.
///
/// What an expression gives is shown, as it was at the prompt; where a later line reads `_` or `_1`, the script keeps them.
struct SavedScript: Sendable {
    let text: String
    /// How many of the lines are in it.
    let count: Int

    private enum Line {
        case statements(String)
        /// What the line ends in is shown.
        case shown(before: String, expressions: String)
    }

    /// - Throws: ``CommandProblem`` where the lines, one after the other, are no chunk: more locals than one may have, say.
    init(_ lines: [String], runtime: LuaRuntime) async throws(CommandProblem) {
        var parts: [Line] = []
        var typed: [String] = []
        for line in lines {
            guard let words = CommandWords(line) else {
                typed.append(Self.plain(line))
                parts.append(await Self.line(Self.plain(line), runtime))
                continue
            }
            guard case .command(let command) = CommandTable.find(words.name) else { continue }
            // A command that does something to the next lines; the others look, and are left out.
            if command.name == "time" {
                typed.append(words.rest)
                parts.append(await Self.line(words.rest, runtime))
            } else if command.name == "profile", let name = words.arguments.first {
                parts.append(.statements(Self.choosing(profile: name)))
            }
        }
        let kept = Self.resultsRead(in: typed)
        var text = "#!/usr/bin/env moonspot\n"
        for part in parts {
            switch part {
            // A parenthesis at the beginning would call what the line before ends in.
            case .statements(let code): text += (code.first == "(" ? ";" : "") + code + "\n"
            case .shown(let before, let expressions): text += before + Self.shown(expressions, keeping: kept)
            }
        }
        if case .invalid(let message) = await runtime.completeness(
            of: text.replacing("#!", with: "--", maxReplacements: 1))
        {
            throw CommandProblem("the lines cannot stand in one script: \(message)")
        }
        self.text = text
        count = parts.count
    }

    /// `=x`, as older Lua had it, is `x`.
    private static func plain(_ line: String) -> String {
        line.first == "=" && !line.hasPrefix("==") ? String(line.dropFirst().drop(while: \.isWhitespace)) : line
    }

    private static func choosing(profile name: String) -> String {
        let quoted = LuaText.scalar(.string(name))
        return name == "-" ? "hubspot = require(\"hubspot\")" : "hubspot = require(\"hubspot\").connect(\(quoted))"
    }

    private static func line(_ source: String, _ runtime: LuaRuntime) async -> Line {
        let bytes = Array(source.utf8)
        // Lua has nothing stand behind a return.
        if returns(bytes) { return .shown(before: "", expressions: "(function()\n\(source)\nend)()") }
        guard let last = LastStatement(of: bytes), last.isExpression else { return .statements(source) }
        let before = String(decoding: bytes[..<last.begin], as: UTF8.self)
        let expressions = String(decoding: bytes[last.begin..<last.end], as: UTF8.self)
        let isShown = await runtime.completeness(of: "\(before)return \(expressions)") == .complete
        return isShown ? .shown(before: before, expressions: expressions) : .statements(source)
    }

    /// Whether a `return` stands outside of all functions.
    private static func returns(_ source: [UInt8]) -> Bool {
        var tokens = LuaTokens(source)
        var blocks: [String] = []
        while let token = tokens.next() {
            guard case .word(let word) = token else { continue }
            switch word {
            case "do", "function", "if", "repeat": blocks.append(word)
            case "end", "until": _ = blocks.popLast()
            case "return" where !blocks.contains("function"): return true
            default: continue
            }
        }
        return false
    }

    private static func shown(_ expressions: String, keeping kept: Int?) -> String {
        guard let kept else { return "show(\(expressions))\n" }
        let names = (0...kept).map { $0 == 0 ? "_" : "_\($0)" }
        let values = ["(function(...) show(...) return (...) end)(\(expressions))"] + names.dropLast()
        return "\(names.joined(separator: ", ")) = \(values.joined(separator: ", "))\n"
    }

    /// How far back the lines look: 0 for `_` alone; nil where they read no result.
    static func resultsRead(in lines: [String]) -> Int? {
        var farthest: Int?
        for line in lines {
            var word = ""
            for character in line + " " {
                if character.isASCII, character.isLetter || character.isNumber || character == "_" {
                    word.append(character)
                    continue
                }
                if word == "_" { farthest = max(farthest ?? 0, 0) }
                if word.count == 2, word.first == "_", let place = word.last?.wholeNumberValue, place > 0 {
                    farthest = max(farthest ?? 0, place)
                }
                word = ""
            }
        }
        return farthest
    }
}
