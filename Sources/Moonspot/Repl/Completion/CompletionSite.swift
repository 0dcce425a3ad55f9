/// What stands before the cursor, as far as Tab needs it. Nothing is run, and the text need not be whole.
struct CompletionSite: Sendable, Equatable {
    /// A call whose arguments the cursor stands in.
    struct Call: Sendable, Equatable {
        /// `["hubspot", "contacts", "get"]`
        var function: [String]
        /// The text that a call on the way to the function was given: `deals` in `hubspot.objects("deals").create`.
        var given: String?
        /// From 0.
        var argument = 0
        /// The texts of earlier arguments.
        var texts: [Int: String] = [:]
        /// The keys of the tables in between, the outermost first; `[]` stands for an element of a list.
        var keys: [String] = []
        /// Whether the name that is written may become a key of the innermost table.
        var isAtKey = false
    }

    /// The beginning of the name, or of the text between quotes, that is written.
    var prefix = ""
    /// The quote that is open; nil where a name is written.
    var quote: Character?
    /// The value that the name is read of: names, elements as `[1]`, a call's result as `()`. Empty for a global.
    var path: [String] = []
    /// Behind a colon: only functions can follow.
    var isMethod = false
    /// The text that the first call in the path was given.
    var given: String?
    var call: Call?

    /// Nil in a comment, and behind something whose value is not known without running it: `(a or b).`
    init?(_ text: String) {
        var scanner = SiteScanner()
        guard let site = scanner.scan(text) else { return nil }
        self = site
    }

    fileprivate init(
        prefix: String, quote: Character? = nil, path: [String] = [], isMethod: Bool = false, given: String? = nil,
        call: Call? = nil
    ) {
        (self.prefix, self.quote, self.path, self.isMethod) = (prefix, quote, path, isMethod)
        (self.given, self.call) = (given, call)
    }
}

/// Reads Lua up to the cursor, keeping track of the brackets that are open.
private struct SiteScanner {
    private struct Frame {
        var opening: Character
        /// What is called by the bracket; nil where nothing is.
        var function: [String]?
        /// The text that a call before it was given.
        var given: String?
        /// Before an index: what is indexed.
        var indexed: [String]?
        var argument = 0
        var texts: [Int: String] = [:]
        /// The key whose value is written.
        var key: String?
        /// Nothing but a name stands in the table's entry.
        var isEntryStart = true
        /// A constant between square brackets.
        var constant: String?
        /// Nothing but a text stands in it: `("x")`.
        var isText = false
    }

    private var frames: [Frame] = []
    /// The value that the text ends with, if it may be read from; nil for any other.
    private var chain: [String]?
    /// The text that the first call in the chain was given.
    private var given: String?
    private var separator: Character?
    /// A name at the beginning of a table's entry, which is a key if `=` follows.
    private var candidate: String?

    mutating func scan(_ text: String) -> CompletionSite? {
        var rest = text[...]
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                guard let end = Self.endOfComment(rest) else { return nil }
                rest = rest[end...]
            } else if character == "\"" || character == "'" {
                let (content, end) = Self.quoted(rest.dropFirst(), character)
                guard let end else { return inString(content, character) }
                take(text: content)
                rest = rest[end...]
            } else if character == "[", let end = Self.longBracket(rest) {
                guard let end = end.end else { return nil }
                take(text: "")
                rest = rest[end...]
            } else if character.isNumber {
                let number = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." }
                rest = rest[number.endIndex...]
                if rest.isEmpty { return nil }
                take(constant: String(number))
            } else if Self.isNamePart(character) {
                let name = rest.prefix(while: Self.isNamePart)
                rest = rest[name.endIndex...]
                if rest.isEmpty { return atName(String(name)) }
                take(name: String(name))
            } else {
                rest.removeFirst()
                take(symbol: character, &rest)
            }
        }
        return atName("")
    }

    // MARK: Tokens

    private mutating func take(name: String) {
        if separator != nil {
            chain?.append(name)
        } else {
            if frames.last?.opening == "{", frames[frames.count - 1].isEntryStart { candidate = name }
            chain = LuaText.isName(name) ? [name] : nil
            given = nil
        }
        separator = nil
        leaveEntryStart()
    }

    private mutating func take(text: String) {
        let isFirst = frames.last?.isEntryStart ?? false
        if let function = chain, separator == nil {
            chain = function + ["()"]
            given = given ?? text
        } else {
            chain = nil
            note(constant: text)
        }
        leaveEntryStart()
        if isFirst { frames[frames.count - 1].isText = true }
    }

    private mutating func take(constant: String) {
        chain = nil
        note(constant: constant, isText: false)
        leaveEntryStart()
    }

    private mutating func note(constant: String, isText: Bool = true) {
        guard !frames.isEmpty else { return }
        if frames[frames.count - 1].opening == "[" {
            frames[frames.count - 1].constant = isText ? constant : "[\(constant)]"
        } else if isText {
            frames[frames.count - 1].texts[frames[frames.count - 1].argument] = constant
        }
    }

    private mutating func leaveEntryStart() {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].isEntryStart = false
        frames[frames.count - 1].isText = false
    }

    private mutating func take(symbol: Character, _ rest: inout Substring) {
        let before = chain
        switch symbol {
        case "." where rest.first != ".", ":" where rest.first != ":":
            separator = symbol
            return
        case "(", "{":
            if separator != nil { chain = nil }
            frames.append(Frame(opening: symbol, function: separator == nil ? before : nil, given: given))
        case "[": frames.append(Frame(opening: symbol, indexed: before))
        case ")", "}", "]":
            guard let frame = frames.popLast() else { break }
            close(frame)
            separator = nil
            return
        case ",", ";":
            if !frames.isEmpty {
                frames[frames.count - 1].argument += 1
                frames[frames.count - 1].key = nil
                frames[frames.count - 1].isEntryStart = true
            }
        case "=":
            if rest.first == "=" {
                rest.removeFirst()
            } else if let candidate, frames.last?.opening == "{" {
                frames[frames.count - 1].key = candidate
            }
        case "~", "<", ">": if rest.first == "=" { rest.removeFirst() }
        case ".", ":": rest = rest.drop { $0 == symbol }
        default: break
        }
        if symbol != "[" { candidate = nil }
        if symbol != "(", symbol != "{", symbol != "[", !frames.isEmpty { frames[frames.count - 1].isText = false }
        chain = nil
        separator = nil
    }

    private mutating func close(_ frame: Frame) {
        if frame.opening == "[" {
            if let indexed = frame.indexed {
                // Any element tells what the others are like.
                chain = indexed + [frame.constant ?? "[1]"]
            } else if frames.last?.opening == "{", frames[frames.count - 1].isEntryStart {
                candidate = frame.constant
                chain = nil
            }
            return
        }
        chain = frame.function.map { $0 + ["()"] }
        given = frame.given ?? (frame.opening == "(" && frame.argument == 0 ? frame.texts[0] : nil)
        // The methods of a text are the functions of `string`.
        if frame.opening == "(", frame.function == nil, frame.isText { chain = ["string"] }
        leaveEntryStart()
    }

    // MARK: The cursor

    private func atName(_ name: String) -> CompletionSite? {
        guard separator == nil else {
            guard let chain else { return nil }
            return CompletionSite(prefix: name, path: chain, isMethod: separator == ":", given: given)
        }
        return CompletionSite(prefix: name, call: call(isName: true))
    }

    private func inString(_ content: String, _ quote: Character) -> CompletionSite? {
        if let function = chain, separator == nil {
            return CompletionSite(prefix: content, quote: quote, call: .init(function: function, given: given))
        }
        return CompletionSite(prefix: content, quote: quote, call: call(isName: false))
    }

    private func call(isName: Bool) -> CompletionSite.Call? {
        var keys: [String] = []
        var isAtKey = false
        for (depth, frame) in frames.reversed().enumerated() {
            if frame.opening == "[" {
                // `["name` in a table is a key.
                guard depth == 0, !isName, frame.indexed == nil else { return nil }
                isAtKey = true
                continue
            }
            if frame.opening == "{" {
                let isBehindBracket = depth == 1 && frames.last?.opening == "["
                if depth == 0, isName, frame.isEntryStart {
                    isAtKey = true
                } else if !isBehindBracket {
                    keys.insert(frame.key ?? "[]", at: 0)
                }
            }
            guard let function = frame.function else {
                if frame.opening == "(" { return nil }
                continue
            }
            let isTable = frame.opening == "{"
            return CompletionSite.Call(
                function: function, given: frame.given, argument: isTable ? 0 : frame.argument,
                texts: isTable ? [:] : frame.texts,
                keys: keys, isAtKey: isAtKey)
        }
        return nil
    }

    // MARK: Pieces of text

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    /// The content up to the quote that closes it, and where the text goes on; nil where it is open.
    private static func quoted(_ text: Substring, _ quote: Character) -> (content: String, end: String.Index?) {
        var content = ""
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                content.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == quote {
                return (content, text.index(after: index))
            } else {
                content.append(character)
            }
        }
        return (content, nil)
    }

    /// Nil where the text is no long bracket.
    private static func longBracket(_ text: Substring) -> (end: String.Index?, Void)? {
        let equals = text.dropFirst().prefix { $0 == "=" }
        guard text[equals.endIndex...].first == "[" else { return nil }
        let closing = "]" + equals + "]"
        return (text[equals.endIndex...].firstRange(of: closing)?.upperBound, ())
    }

    /// Nil where the comment is not over.
    private static func endOfComment(_ text: Substring) -> String.Index? {
        let behind = text.dropFirst(2)
        if behind.first == "[", let long = longBracket(behind) { return long.end }
        return behind.firstIndex { $0 == "\n" }
    }
}
