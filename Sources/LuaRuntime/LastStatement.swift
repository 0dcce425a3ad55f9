/// The last statement of a text outside of all blocks, found as Lua's own parser would find it, without compiling.
///
/// To Lua an expression is no statement, so `a = f(); a.b` is refused at its end. A person who types it wants to see `a.b`.
package struct LastStatement: Equatable {
    /// The offset of its first byte.
    package var begin: Int
    /// The offset behind its last one.
    package var end: Int
    /// It consists of expressions, with no assignment: it becomes a statement behind `return`.
    package var isExpression: Bool

    /// Nil for a text without statements. Of a text that no chunk begins with, it is some place: the compiler decides.
    package init?(of source: [UInt8]) {
        var tokens = LuaTokens(source)
        var last: LastStatement?
        while let begin = tokens.nextBegin(), let token = tokens.peek() {
            if token == .symbol(";") {
                _ = tokens.next()
                continue
            }
            let isExpression = Self.skip(&tokens, token)
            last = LastStatement(begin: begin, end: tokens.previousEnd, isExpression: isExpression)
        }
        guard let last else { return nil }
        self = last
    }

    private init(begin: Int, end: Int, isExpression: Bool) {
        self.begin = begin
        self.end = end
        self.isExpression = isExpression
    }

    /// Goes on to behind the statement that begins with `first`.
    /// - Returns: Whether it consists of expressions.
    private static func skip(_ tokens: inout LuaTokens, _ first: LuaTokens.Token) -> Bool {
        switch first {
        case .symbol("::"): tokens.skip(3)
        case .word("break"): tokens.skip(1)
        case .word("goto"): tokens.skip(2)
        case .word("do"), .word("if"): tokens.skipBlock()
        case .word("function"):
            // With a name it is a statement, without one an expression.
            var ahead = tokens
            ahead.skip(1)
            guard case .word? = ahead.peek() else { return skipExpressions(&tokens) }
            tokens.skipBlock()
        case .word("repeat"):
            tokens.skipBlock()
            tokens.skipExpressions()
        case .word("while"):
            tokens.skip(1)
            tokens.skipExpressions()
            tokens.skipBlock()
        case .word("for"):
            tokens.skip(1)
            while let token = tokens.peek(), token != .symbol("="), token != .word("in") { tokens.skip(1) }
            tokens.skip(1)
            tokens.skipExpressions()
            tokens.skipBlock()
        case .word("local"): skipLocal(&tokens)
        case .word("return"):
            tokens.skip(1)
            // Behind it comes nothing but a list of expressions and `;`.
            if tokens.peek() != .symbol(";") { tokens.skipExpressions() }
        default: return skipExpressions(&tokens)
        }
        return false
    }

    private static func skipLocal(_ tokens: inout LuaTokens) {
        tokens.skip(1)
        if tokens.peek() == .word("function") { return tokens.skipBlock() }
        tokens.skip(1)
        while let token = tokens.peek(), token == .symbol(",") || token == .symbol("<") {
            tokens.skip(token == .symbol("<") ? 3 : 2)
        }
        guard tokens.peek() == .symbol("=") else { return }
        tokens.skip(1)
        tokens.skipExpressions()
    }

    /// A list of expressions; with `=` behind it they are the targets of an assignment.
    private static func skipExpressions(_ tokens: inout LuaTokens) -> Bool {
        tokens.skipExpressions()
        guard tokens.peek() == .symbol("=") else { return true }
        tokens.skip(1)
        tokens.skipExpressions()
        return false
    }
}
