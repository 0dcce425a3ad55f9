import LuaRuntime

/// Typed lines as a script that does the same.
///
/// What an expression gives is shown, as it was at the prompt; where a later line reads `_` or `_1`, the script keeps them.
struct SavedScript: Sendable {
    let text: String
    /// How many of the lines are in it.
    let count: Int

    private enum Form { case statement, expression, returning }

    init(_ lines: [String], runtime: LuaRuntime) async {
        var parts: [(form: Form, source: String)] = []
        for line in lines where CommandWords(line) == nil {
            let source = line.first == "=" ? String(line.dropFirst()) : line
            if await runtime.completeness(of: "return \(source)\n") == .complete {
                parts.append((.expression, source))
            } else if await runtime.completeness(of: "\(source)\nlocal _") == .complete {
                parts.append((.statement, source))
            } else {
                parts.append((.returning, source))
            }
        }
        let kept = Self.resultsRead(in: parts.map(\.source))
        var text = "#!/usr/bin/env moonspot\n"
        for (form, source) in parts {
            switch form {
            case .statement: text += source + "\n"
            case .expression: text += Self.shown(source, keeping: kept)
            // Lua has nothing stand behind a return.
            case .returning: text += Self.shown("(function()\n\(source)\nend)()", keeping: kept)
            }
        }
        self.text = text
        count = parts.count
    }

    private static func shown(_ expressions: String, keeping kept: Int?) -> String {
        guard let kept else { return "print(\(expressions))\n" }
        let names = (0...kept).map { $0 == 0 ? "_" : "_\($0)" }
        let values = ["(function(...) print(...) return (...) end)(\(expressions))"] + names.dropLast()
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
