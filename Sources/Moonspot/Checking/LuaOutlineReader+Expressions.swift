import LuaRuntime

extension LuaOutlineReader {
    @discardableResult mutating func expressions() -> [Value] {
        var values: [Value] = []
        repeat {
            guard let token = tokens.peek() else { break }
            if case .word(let word) = token, Self.blockEnds.contains(word) { break }
            if token == .symbol(";") { break }
            values.append(expression())
        } while take(.symbol(","))
        return values
    }

    private static let binary: Set<String> = [
        "+", "-", "*", "/", "//", "%", "^", "&", "~", "|", "<<", ">>", "..", "<", "<=", ">", ">=", "==", "~=",
    ]

    @discardableResult mutating func expression() -> Value {
        var value = operand()
        while let token = tokens.peek() {
            switch token {
            case .word("and"), .word("or"): break
            case .symbol(let symbol) where Self.binary.contains(symbol): break
            default: return value
            }
            _ = tokens.next()
            _ = operand()
            value = Value()
        }
        return value
    }

    private mutating func operand() -> Value {
        var isPlain = true
        while tokens.peek() == .word("not") || tokens.peek() == .symbol("-") || tokens.peek() == .symbol("#")
            || tokens.peek() == .symbol("~")
        {
            _ = tokens.next()
            isPlain = false
        }
        let value = simple()
        return isPlain ? value : Value()
    }

    private mutating func simple() -> Value {
        switch tokens.peek() {
        case .number?, .string?, .symbol("...")?, .word("nil")?, .word("true")?, .word("false")?:
            _ = tokens.next()
            return Value()
        case .word("function")?:
            _ = tokens.next()
            functionBody()
            return Value()
        case .symbol("{")?: return Value(literal: table())
        default:
            return suffixed(marksRead: true)
        }
    }

    /// A name or something in parentheses, with all that is indexed and called behind it.
    ///
    /// - Parameter marksRead: False where it may turn out to be assigned to: then the caller says whether it is read.
    mutating func suffixed(marksRead: Bool) -> Value {
        var value = Value()
        if take(.symbol("(")) {
            expression()
            _ = take(.symbol(")"))
        } else if let (name, place) = name() {
            if let index = local(name) {
                value.local = index
                if let alias = aliases[index] { value.path = alias }
            } else {
                value.path = Path(names: [name], places: [place])
            }
        }
        while let token = tokens.peek() {
            switch token {
            case .symbol("."):
                _ = tokens.next()
                readLocal(&value)
                guard let (name, place) = name() else { return Value() }
                value.path?.names.append(name)
                value.path?.places.append(place)
            case .symbol("["):
                _ = tokens.next()
                use(value)
                expression()
                _ = take(.symbol("]"))
                value = Value()
            case .symbol(":"):
                _ = tokens.next()
                use(value)
                _ = name()
                _ = arguments()
                value = Value()
            case .symbol("("), .symbol("{"), .string:
                use(value)
                let given = arguments()
                if let path = value.path { outline.calls.append(.init(path: path, arguments: given)) }
                value = Value()
            default:
                if marksRead { use(value) }
                return value
            }
        }
        if marksRead { use(value) }
        return value
    }

    private mutating func readLocal(_ value: inout Value) {
        guard let index = value.local else { return }
        outline.locals[index].isRead = true
        value.local = nil
    }

    mutating func use(_ value: Value) {
        if let index = value.local {
            outline.locals[index].isRead = true
        } else if let path = value.path {
            outline.paths.append(path)
        }
    }

    private mutating func arguments() -> [Literal?] {
        switch tokens.peek() {
        case .string?:
            _ = tokens.next()
            return [nil]
        case .symbol("{")?: return [table()]
        case .symbol("(")?:
            _ = tokens.next()
            if take(.symbol(")")) { return [] }
            let values = expressions()
            _ = take(.symbol(")"))
            return values.map(\.literal)
        default: return []
        }
    }

    private mutating func table() -> Literal {
        var literal = Literal()
        _ = take(.symbol("{"))
        while let token = tokens.peek(), token != .symbol("}") {
            let before = tokens.previousEnd
            if take(.symbol("[")) {
                expression()
                _ = take(.symbol("]"))
                _ = take(.symbol("="))
                expression()
            } else if case .word(let name) = token, isField() {
                _ = tokens.next()
                let place = tokens.previousBegin
                _ = take(.symbol("="))
                literal.fields.append(.init(name: name, place: place, value: expression().literal))
            } else {
                expression()
            }
            if !take(.symbol(",")) { _ = take(.symbol(";")) }
            if tokens.previousEnd == before { _ = tokens.next() }
        }
        _ = take(.symbol("}"))
        return literal
    }

    /// Whether the word that comes next is a key: an `=` stands behind it.
    private func isField() -> Bool {
        var ahead = tokens
        _ = ahead.next()
        return ahead.peek() == .symbol("=")
    }

    mutating func functionBody(hasSelf: Bool = false) {
        _ = take(.symbol("("))
        inScope { reader in
            if hasSelf { _ = reader.declare("self", reader.tokens.previousBegin, .parameter) }
            while let token = reader.tokens.peek(), token != .symbol(")") {
                if let (name, place) = reader.name() {
                    _ = reader.declare(name, place, .parameter)
                } else {
                    _ = reader.tokens.next()
                }
            }
            _ = reader.take(.symbol(")"))
            reader.block()
            _ = reader.take(.word("end"))
        }
    }
}
