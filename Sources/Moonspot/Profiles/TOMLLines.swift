/// A TOML file as its lines, each known for what it is: so that one table can be changed and everything else, comments and
/// order, stays as it was written.
struct TOMLLines {
    /// A heading, an entry, or a line that is neither. An entry's list or text may go over several lines.
    struct Statement {
        enum Kind: Equatable {
            /// `[profiles.acme]`, by its parts.
            case heading([String])
            /// `token_env = "X"`, by the parts of its key.
            case entry([String])
            /// A comment, an empty line, or what is no TOML.
            case other
        }

        var kind: Kind
        var lines: [String]

        /// Whether this is an entry with one of these keys.
        func sets(_ keys: [String]) -> Bool {
            guard case .entry(let key) = kind, key.count == 1 else { return false }
            return keys.contains(key[0])
        }
    }

    var statements: [Statement]
    private let lineEnd: String

    init(_ text: String) {
        // A Windows editor ends lines in its own way.
        lineEnd = text.contains { $0 == "\r\n" } ? "\r\n" : "\n"
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)[...]
        if lines.last == "" { lines.removeLast() }
        statements = []
        while let first = lines.popFirst() {
            var scanner = TOMLScanner(first)
            let kind = scanner.kind()
            var statement = Statement(kind: kind, lines: [first])
            if case .entry = kind {
                while !scanner.endsValue(), let next = lines.popFirst() {
                    statement.lines.append(next)
                    scanner.goOn(next)
                }
            }
            statements.append(statement)
        }
    }

    var text: String { statements.flatMap(\.lines).map { $0 + lineEnd }.joined() }

    var isEmpty: Bool { statements.allSatisfy { $0.lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } } }

    /// From a table's heading to its last entry; the comments between it and the next heading belong to that one. Nil where
    /// the table has no heading of its own.
    func table(_ path: [String]) -> Range<Int>? {
        guard let start = statements.firstIndex(where: { $0.kind == .heading(path) }) else { return nil }
        let next = statements[(start + 1)...].firstIndex { if case .heading = $0.kind { true } else { false } }
        guard let next else { return start..<statements.endIndex }
        let last = statements[start..<next].lastIndex { $0.kind != .other } ?? start
        return start..<last + 1
    }

    /// Where the entries before the first heading end.
    var endOfRoot: Int {
        statements.firstIndex { if case .heading = $0.kind { true } else { false } } ?? statements.endIndex
    }
}

extension TOMLLines.Statement {
    /// A line that is written as it stands.
    init(_ line: String) {
        var scanner = TOMLScanner(line)
        self.init(kind: scanner.kind(), lines: [line])
    }
}

/// Reads TOML as far as it takes to know where an entry ends.
private struct TOMLScanner {
    private var rest: Substring
    /// Brackets that are open.
    private var depth = 0
    /// The three quotes of a text that goes on.
    private var openText: String?

    init(_ line: String) { rest = line[...] }

    /// What the line begins with; stands at the value then.
    mutating func kind() -> TOMLLines.Statement.Kind {
        skipSpace()
        if rest.first == "[" {
            rest.removeFirst()
            if rest.first == "[" { rest.removeFirst() }
            guard let path = key(), rest.first == "]" else { return .other }
            return .heading(path)
        }
        guard rest.first != "#", let key = key(), rest.first == "=" else { return .other }
        rest.removeFirst()
        return .entry(key)
    }

    mutating func goOn(_ line: String) { rest = line[...] }

    /// Reads to the line's end; whether the value ends there too.
    mutating func endsValue() -> Bool {
        while let character = rest.first {
            if let quotes = openText {
                guard let end = end(of: quotes) else { break }
                rest = rest[end...]
                openText = nil
            } else if let quotes = ["\"\"\"", "'''"].first(where: rest.hasPrefix) {
                rest.removeFirst(3)
                openText = quotes
            } else if character == "\"" || character == "'" {
                guard quoted() != nil else { break }
            } else {
                switch character {
                case "[", "{": depth += 1
                case "]", "}": depth -= 1
                case "#": return depth <= 0
                default: break
                }
                rest.removeFirst()
            }
        }
        return openText == nil && depth <= 0
    }

    private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    /// A dotted key, with or without quotes, and the space behind it.
    private mutating func key() -> [String]? {
        var parts: [String] = []
        while true {
            skipSpace()
            if rest.first == "\"" || rest.first == "'" {
                guard let part = quoted() else { return nil }
                parts.append(part)
            } else {
                let part = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
                guard !part.isEmpty else { return nil }
                parts.append(String(part))
                rest = rest[part.endIndex...]
            }
            skipSpace()
            guard rest.first == "." else { return parts }
            rest.removeFirst()
        }
    }

    /// The text between quotes on this line, as it stands; nil where it does not end.
    private mutating func quoted() -> String? {
        let quote = rest.removeFirst()
        guard let end = end(of: String(quote)) else { return nil }
        let text = rest[..<rest.index(before: end)]
        rest = rest[end...]
        return String(text)
    }

    /// Behind the quotes that end a text, of which only double ones can be escaped.
    private func end(of quotes: String) -> String.Index? {
        var tail = rest
        while !tail.isEmpty {
            if quotes.first == "\"", tail.first == "\\" {
                tail = tail.dropFirst(2)
            } else if tail.hasPrefix(quotes) {
                return tail.index(tail.startIndex, offsetBy: quotes.count)
            } else {
                tail.removeFirst()
            }
        }
        return nil
    }
}
