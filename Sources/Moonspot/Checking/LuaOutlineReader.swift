import LuaRuntime

/// Walks through Lua that compiles, by the grammar of the manual (§9), and keeps account of scopes.
struct LuaOutlineReader {
    typealias Path = LuaOutline.Path
    typealias Literal = LuaOutline.Literal

    /// What an expression is, as far as it matters.
    struct Value {
        /// A path of names from a global.
        var path: LuaOutline.Path?
        /// A local by itself.
        var local: Int?
        var literal: LuaOutline.Literal?
    }

    var tokens: LuaTokens
    var outline = LuaOutline.empty
    /// Which local a name means, from the outermost block inward.
    private var scopes: [[String: Int]] = [[:]]
    /// Locals that stand for a path: `local contacts = hubspot.contacts`.
    var aliases: [Int: LuaOutline.Path] = [:]

    init(_ source: [UInt8]) {
        tokens = LuaTokens(source)
    }

    mutating func read() -> LuaOutline {
        block()
        return outline
    }

    // MARK: Tokens

    mutating func take(_ token: LuaTokens.Token) -> Bool {
        guard tokens.peek() == token else { return false }
        _ = tokens.next()
        return true
    }

    /// A name, with its place.
    mutating func name() -> (String, LuaOutline.Place)? {
        guard case .word(let name)? = tokens.peek() else { return nil }
        _ = tokens.next()
        return (name, tokens.previousBegin)
    }

    // MARK: Scopes

    mutating func declare(_ name: String, _ place: LuaOutline.Place, _ kind: LuaOutline.Local.Kind) -> Int {
        outline.locals.append(LuaOutline.Local(name: name, place: place, kind: kind))
        let index = outline.locals.count - 1
        scopes[scopes.count - 1][name] = index
        return index
    }

    func local(_ name: String) -> Int? { scopes.reversed().lazy.compactMap { $0[name] }.first }

    mutating func inScope(_ body: (inout LuaOutlineReader) -> Void) {
        scopes.append([:])
        body(&self)
        scopes.removeLast()
    }

    // MARK: Statements

    static let blockEnds: Set<String> = ["end", "else", "elseif", "until"]

    mutating func block() {
        while let token = tokens.peek() {
            if case .word(let word) = token, Self.blockEnds.contains(word) { return }
            if token == .word("return") {
                _ = tokens.next()
                expressions()
                _ = take(.symbol(";"))
                return
            }
            statement()
        }
    }

    private mutating func scopedBlock(_ declare: (inout LuaOutlineReader) -> Void = { _ in }) {
        inScope { reader in
            declare(&reader)
            reader.block()
        }
    }

    private mutating func statement() {
        guard case .word(let word)? = tokens.peek() else {
            if take(.symbol(";")) { return }
            if take(.symbol("::")) {
                _ = name()
                _ = take(.symbol("::"))
                return
            }
            expressionStatement()
            return
        }
        switch word {
        case "break": _ = tokens.next()
        case "goto":
            _ = tokens.next()
            _ = name()
        case "do":
            _ = tokens.next()
            scopedBlock()
            _ = take(.word("end"))
        case "while":
            _ = tokens.next()
            expression()
            _ = take(.word("do"))
            scopedBlock()
            _ = take(.word("end"))
        case "repeat":
            _ = tokens.next()
            // The condition sees the block's locals.
            inScope { reader in
                reader.block()
                _ = reader.take(.word("until"))
                reader.expression()
            }
        case "if": conditional()
        case "for": loop()
        case "function": functionStatement()
        case "local": localStatement()
        default: expressionStatement()
        }
    }

    private mutating func conditional() {
        repeat {
            _ = tokens.next()  // if, elseif
            expression()
            _ = take(.word("then"))
            scopedBlock()
        } while tokens.peek() == .word("elseif")
        if take(.word("else")) { scopedBlock() }
        _ = take(.word("end"))
    }

    private mutating func loop() {
        _ = tokens.next()
        var names: [(String, LuaOutline.Place)] = []
        repeat { if let name = name() { names.append(name) } } while take(.symbol(","))
        if !take(.symbol("=")) { _ = take(.word("in")) }
        expressions()
        _ = take(.word("do"))
        scopedBlock { reader in for (name, place) in names { _ = reader.declare(name, place, .loop) } }
        _ = take(.word("end"))
    }

    private mutating func functionStatement() {
        _ = tokens.next()
        guard let (first, place) = name() else { return }
        var path = Path(names: [first], places: [place])
        var isMethod = false
        while tokens.peek() == .symbol(".") || tokens.peek() == .symbol(":") {
            isMethod = tokens.next() == .symbol(":")
            guard let (name, place) = name() else { return }
            path.names.append(name)
            path.places.append(place)
        }
        if let index = local(first) {
            if path.names.count > 1 { outline.locals[index].isRead = true }
        } else {
            outline.assigned.append(path)
        }
        functionBody(hasSelf: isMethod)
    }

    private mutating func localStatement() {
        _ = tokens.next()
        if take(.word("function")) {
            guard let (name, place) = name() else { return }
            _ = declare(name, place, .function)
            functionBody()
            return
        }
        var names: [(name: String, place: LuaOutline.Place, kind: LuaOutline.Local.Kind)] = []
        repeat {
            guard let (name, place) = name() else { return }
            var kind = LuaOutline.Local.Kind.variable
            if take(.symbol("<")) {
                if self.name()?.0 == "close" { kind = .closed }
                _ = take(.symbol(">"))
            }
            names.append((name, place, kind))
        } while take(.symbol(","))
        var values: [Path?] = []
        if take(.symbol("=")) { values = expressions().map(\.path) }
        // Visible behind the statement.
        for (offset, name) in names.enumerated() {
            let index = declare(name.name, name.place, name.kind)
            if offset < values.count, let path = values[offset] { aliases[index] = path }
        }
    }

    private mutating func expressionStatement() {
        let begin = tokens.previousEnd
        var targets = [suffixed(marksRead: false)]
        while take(.symbol(",")) { targets.append(suffixed(marksRead: false)) }
        guard take(.symbol("=")) else {
            for target in targets { use(target) }
            // What fits into no statement is passed over, so that the walk always ends.
            if tokens.previousEnd == begin { _ = tokens.next() }
            return
        }
        for target in targets {
            if let index = target.local {
                aliases[index] = nil
            } else if let path = target.path {
                outline.assigned.append(path)
            }
        }
        expressions()
    }
}
