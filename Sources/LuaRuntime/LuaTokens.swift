/// The words, literals and symbols of Lua source. Comments are left out. Of a text that does not compile, the tokens are those
/// up to the place that is wrong; what follows is read somehow, to the end.
package struct LuaTokens: Sendable {
    package enum Token: Equatable, Sendable {
        /// A name or a reserved word.
        case word(String)
        case number
        case string
        case symbol(String)
    }

    private let source: [UInt8]
    private var place = 0
    private var peeked: (token: Token?, begin: Int, end: Int)?
    /// Where the token that ``next()`` answered last ends.
    package private(set) var previousEnd = 0
    /// Where it begins.
    package private(set) var previousBegin = 0
    /// Blocks that are open; kept for later tokens.
    var depth = 0
    /// Whether the text has ended within a quoted string, behind a backslash that lets it go on in the next line.
    private var endsInEscape = false

    /// - Parameter place: Where to begin, in bytes.
    package init(_ source: [UInt8], from place: Int = 0) {
        self.source = source
        self.place = place
    }

    package mutating func next() -> Token? {
        let found = peeked ?? scan()
        peeked = nil
        if found.token != nil { (previousBegin, previousEnd) = (found.begin, found.end) }
        return found.token
    }

    /// The text of the token that ``next()`` answered last.
    package var text: String { String(decoding: source[previousBegin..<previousEnd], as: UTF8.self) }

    package mutating func peek() -> Token? {
        let found = peeked ?? scan()
        peeked = found
        return found.token
    }

    /// Where the next token begins. Nil at the end.
    mutating func nextBegin() -> Int? { peek() == nil ? nil : peeked?.begin }

    mutating func skip(_ count: Int) {
        for _ in 0..<count { _ = next() }
    }

    /// Whether a text that ends within a quoted string may go on in the next line: behind a backslash at its very end, and in
    /// the white space behind `\z`.
    static func canGoOn(_ source: [UInt8]) -> Bool {
        var tokens = LuaTokens(source)
        while tokens.next() != nil {}
        return tokens.endsInEscape
    }

    /// How many blocks a word opens. `while` and `for` have a `do`, `if` has one `end` for all its branches.
    static func nesting(of word: String) -> Int {
        switch word {
        case "do", "function", "if", "repeat": 1
        case "end", "until": -1
        default: 0
        }
    }

    private static let operators: Set<String> = [
        "+", "-", "*", "/", "//", "%", "^", "&", "~", "|", "<<", ">>", "..", "<", "<=", ">", ">=", "==", "~=",
    ]

    /// Reads a list of expressions to its end.
    mutating func skipExpressions() {
        var names: Set<String> = []
        skipExpressions(&names)
    }

    /// Reads a list of expressions to its end, collecting the names in it.
    mutating func skipExpressions(_ names: inout Set<String>) {
        var expectsOperand = true
        /// The last token ends something that can be called and indexed: a name, a call, something in parentheses.
        var isPrefix = false
        while let token = peek() {
            if expectsOperand {
                switch token {
                case .word("not"), .symbol("-"), .symbol("#"), .symbol("~"): _ = next()
                case .word("function"):
                    skipBlock(&names)
                    (expectsOperand, isPrefix) = (false, false)
                case .symbol("("):
                    skipBrackets(&names)
                    (expectsOperand, isPrefix) = (false, true)
                case .symbol("{"):
                    skipBrackets(&names)
                    (expectsOperand, isPrefix) = (false, false)
                case .word(let word):
                    _ = next()
                    names.insert(word)
                    (expectsOperand, isPrefix) = (false, !["nil", "true", "false"].contains(word))
                default:  // a number, a string, `...`
                    _ = next()
                    (expectsOperand, isPrefix) = (false, false)
                }
                continue
            }
            switch token {
            case .word("and"), .word("or"), .symbol(","):
                _ = next()
                expectsOperand = true
            case .symbol(let symbol) where Self.operators.contains(symbol):
                _ = next()
                expectsOperand = true
            case .symbol("."), .symbol(":"):
                guard isPrefix else { return }
                _ = next()
                if case .word(let name)? = next() { names.insert(name) }
            case .symbol("("), .symbol("["), .symbol("{"):
                guard isPrefix else { return }
                skipBrackets(&names)
            case .string:
                guard isPrefix else { return }
                _ = next()
            default: return
            }
        }
    }

    /// From a word that opens a block to the one that closes it.
    mutating func skipBlock() {
        var names: Set<String> = []
        skipBlock(&names)
    }

    /// From `function` to its `end`.
    private mutating func skipBlock(_ names: inout Set<String>) {
        var open = 0
        repeat {
            guard let token = next() else { return }
            guard case .word(let word) = token else { continue }
            open += Self.nesting(of: word)
            names.insert(word)
        } while open > 0
    }

    /// From a bracket to the one that closes it.
    private mutating func skipBrackets(_ names: inout Set<String>) {
        var open = 0
        repeat {
            guard let token = next() else { return }
            switch token {
            case .symbol("("), .symbol("["), .symbol("{"): open += 1
            case .symbol(")"), .symbol("]"), .symbol("}"): open -= 1
            case .word(let word): names.insert(word)
            default: continue
            }
        } while open > 0
    }

    // MARK: Scanning

    private func byte(_ offset: Int = 0) -> UInt8 { place + offset < source.count ? source[place + offset] : 0 }

    private mutating func scan() -> (token: Token?, begin: Int, end: Int) {
        skipSpace()
        let begin = place
        guard place < source.count else { return (nil, begin, begin) }
        let token = token()
        return (token, begin, place)
    }

    private mutating func skipSpace() {
        while place < source.count {
            if byte() == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-") {
                place += 2
                if skipLongBracket() { continue }
                while place < source.count, byte() != 0x0A { place += 1 }
            } else if Self.isSpace(byte()) {
                place += 1
            } else {
                return
            }
        }
    }

    private mutating func token() -> Token {
        let first = byte()
        if Self.isLetter(first) {
            let begin = place
            while Self.isLetter(byte()) || Self.isDigit(byte()) { place += 1 }
            return .word(String(decoding: source[begin..<place], as: UTF8.self))
        }
        if Self.isDigit(first) || first == UInt8(ascii: ".") && Self.isDigit(byte(1)) {
            skipNumber()
            return .number
        }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            skipQuoted(first)
            return .string
        }
        if first == UInt8(ascii: "["), skipLongBracket() { return .string }
        for length in [3, 2] {
            let symbol = String(decoding: source[place..<min(place + length, source.count)], as: UTF8.self)
            if ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"].contains(symbol) {
                place += length
                return .symbol(symbol)
            }
        }
        place += 1
        return .symbol(String(decoding: [first], as: UTF8.self))
    }

    private mutating func skipNumber() {
        let isHexadecimal = byte() == UInt8(ascii: "0") && byte(1) | 0x20 == UInt8(ascii: "x")
        let exponent = UInt8(ascii: isHexadecimal ? "p" : "e")
        while Self.isLetter(byte()) || Self.isDigit(byte()) || byte() == UInt8(ascii: ".") {
            let isExponent = byte() | 0x20 == exponent
            place += 1
            if isExponent, byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { place += 1 }
        }
    }

    private mutating func skipQuoted(_ quote: UInt8) {
        place += 1
        while place < source.count, byte() != quote {
            guard byte() == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            let skipsSpace = byte(1) == UInt8(ascii: "z")
            endsInEscape = place + 1 == source.count
            place += 2
            guard skipsSpace else { continue }
            while place < source.count, Self.isSpace(byte()) { place += 1 }
            endsInEscape = place == source.count
        }
        place = min(place + 1, source.count)
    }

    /// `[[ ]]` and `[==[ ]==]`. False, and nothing is skipped, where there is none.
    private mutating func skipLongBracket() -> Bool {
        guard byte() == UInt8(ascii: "[") else { return false }
        var level = 0
        while byte(level + 1) == UInt8(ascii: "=") { level += 1 }
        guard byte(level + 1) == UInt8(ascii: "[") else { return false }
        let ending = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
        place += level + 2
        while place + ending.count <= source.count {
            if source[place..<place + ending.count].elementsEqual(ending) {
                place += ending.count
                return true
            }
            place += 1
        }
        place = source.count
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
