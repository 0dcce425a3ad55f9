import CLuaBridge

/// How a text that a person types is read: as an expression, as statements, or as statements that end in an expression, whose
/// values are wanted as well.
enum TypedText {
    /// A chunk, ready to be compiled. Its lines are those of the text.
    case chunk([UInt8], isExpression: Bool)
    case incomplete
    /// No more lines mend it.
    case invalid(String)

    /// What the compiler says of a text.
    struct Verdict {
        var isChunk: Bool
        var isExpression: Bool
        var isIncomplete: Bool
        var message: String
    }

    /// - Parameters:
    ///   - showsCalls: Whether the values of a call at the end are wanted, which is a statement to Lua.
    ///   - compile: Tries a text, as an expression first.
    init(_ source: [UInt8], showsCalls: Bool, compile: (_ source: [UInt8]) -> Verdict) {
        let plain = compile(source)
        if plain.isExpression {
            self = .chunk(source, isExpression: true)
            return
        }
        let ending =
            plain.isChunk && !showsCalls ? nil : LastStatement(of: source).flatMap { $0.isExpression ? $0 : nil }
        let returning = ending.map { Array(source[..<$0.begin]) + Array("return ".utf8) + source[$0.begin...] }
        let returned = returning.map(compile)
        if let returning, let returned, returned.isChunk {
            self = .chunk(returning, isExpression: false)
        } else if plain.isChunk {
            self = .chunk(source, isExpression: false)
        } else if Self.isUnfinishedString(plain.message), !LuaTokens.canGoOn(source) {
            self = .invalid(plain.message)
        } else if let returned, returned.isIncomplete {
            self = .incomplete
        } else if let returned, Self.isRefusedExpression(plain.message) {
            self = .invalid(returned.message)
        } else {
            self = plain.isIncomplete ? .incomplete : .invalid(plain.message)
        }
    }

    /// Lua's words at the end of a text for an expression that is no statement.
    private static func isRefusedExpression(_ message: String) -> Bool {
        message.hasSuffix(": syntax error near <eof>")
    }

    private static func isUnfinishedString(_ message: String) -> Bool {
        message.hasSuffix(": unfinished string near <eof>")
    }
}

extension LuaState {
    /// Reads a typed text with the compiler of this state.
    func typedText(_ source: [UInt8], showsCalls: Bool) -> TypedText {
        TypedText(source, showsCalls: showsCalls) { text in
            var isIncomplete = false, isExpression = false
            let status = text.withUnsafeBytes {
                ms_check(
                    pointer, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &isIncomplete, &isExpression
                )
            }
            return TypedText.Verdict(
                isChunk: status == LUA_OK, isExpression: isExpression, isIncomplete: isIncomplete,
                message: status == LUA_OK ? "" : popMessage())
        }
    }
}
