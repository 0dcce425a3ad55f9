/// Colours for a value that is drawn as Lua source: strings green, numbers cyan, `true`, `false` and `nil` yellow, marks dim.
enum LuaColors {
    static func colored(_ text: String, _ style: Style) -> String {
        guard style.isColored else { return text }
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            let length = tokenLength(rest)
            let token = rest.prefix(length)
            rest = rest.dropFirst(length)
            switch first {
            case "\"": result += style.green(String(token))
            case "0"..."9", "-": result += token.contains(where: \.isNumber) ? style.cyan(String(token)) : String(token)
            case "<", "…": result += style.dim(String(token))
            default: result += isConstant(token) ? style.yellow(String(token)) : String(token)
            }
        }
        return result
    }

    private static func isConstant(_ word: Substring) -> Bool { ["true", "false", "nil", "inf", "nan"].contains(word) }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }

    /// Characters of the string, number, word or mark that the text begins with.
    private static func tokenLength(_ text: Substring) -> Int {
        switch text.first {
        case "\"":
            var length = 1
            var isEscaped = false
            for character in text.dropFirst() {
                length += 1
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    break
                }
            }
            return length
        case "-": return 1 + text.dropFirst().prefix(while: isPart).count
        case "<": return text.firstIndex(of: ">").map { text.distance(from: text.startIndex, to: $0) + 1 } ?? text.count
        case "…": return text.prefix { $0 != "\n" && $0 != "," && $0 != "}" }.count
        case let first? where isPart(first): return text.prefix(while: isPart).count
        default: return 1
        }
    }
}
