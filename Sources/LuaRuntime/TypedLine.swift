import CLuaBridge

/// A line typed at the REPL, rewritten so that its locals stay usable on the lines that follow.
///
/// Each `local` outside of all blocks is followed by a call that hands its variables over, and the whole stands in a function
/// whose upvalues are those of earlier lines: see `scope.c`. Line numbers stay as they are.
struct TypedLine: Sendable, Equatable {
    /// A name that a `local` declares.
    struct Local: Sendable, Equatable {
        var name: String
        var attribute: String?
        var isConstant: Bool { attribute == "const" }
        /// A to-be-closed variable ends with its line, and a local `_ENV` would change what every later line means.
        var isKept: Bool { attribute != "close" && name != "_ENV" }
    }

    /// The text with the calls in it.
    private(set) var text: [UInt8]
    /// All names that occur in it.
    private(set) var names: Set<String> = []
    private(set) var locals: [Local] = []

    /// - Parameter source: A chunk that compiles.
    init(_ source: [UInt8]) {
        text = []
        var tokens = LuaTokens(source)
        var copied = 0
        while let declared = Self.nextLocals(in: &tokens, &names) {
            locals += declared
            let kept = declared.filter(\.isKept)
            guard !kept.isEmpty else { continue }
            let end = tokens.previousEnd
            text += source[copied..<end]
            text += Array(Self.keeping(kept).utf8)
            copied = end
        }
        text += source[copied...]
    }

    /// One call for all of them, so that their functions share what they share.
    private static func keeping(_ locals: [Local]) -> String {
        let list = locals.map(\.name).joined(separator: ", ")
        let told = locals.map { "\"\($0.name)\", \($0.isConstant)" }.joined(separator: ", ")
        // A constant's value may stand in the function itself: then it returns that alone.
        guard locals.contains(where: \.isConstant) else {
            return "; \(MS_KEEP_NAME)(function() return \(list) end, \(told)); "
        }
        let calls = locals.map { "\(MS_KEEP_NAME)(function() return \($0.name) end, \"\($0.name)\", \($0.isConstant))" }
        return "; " + calls.joined(separator: "; ") + "; "
    }

    /// The chunk in a function that sees `scope`, name -> whether it is constant; nil where neither it uses one of these nor
    /// declares a local that is kept.
    func scoped(in scope: [String: Bool], isExpression: Bool) -> [UInt8]? {
        let used = scope.filter { names.contains($0.key) }.sorted { $0.key < $1.key }
        guard !used.isEmpty || locals.contains(where: \.isKept) else { return nil }
        // `...` has no value at compile time, so no constant is put in its place.
        let declarations = used.map { "local \($0.key)\($0.value ? " <const>" : "") = ... " }.joined()
        let head = "local \(MS_KEEP_NAME) = ... \(declarations)return function(...) \(isExpression ? "return " : "")"
        return Array(head.utf8) + text + Array("\nend".utf8)
    }

    /// Goes on to behind the next `local` statement outside of all blocks. Nil at the end.
    private static func nextLocals(in tokens: inout LuaTokens, _ names: inout Set<String>) -> [Local]? {
        var depth = tokens.depth
        defer { tokens.depth = depth }
        while let token = tokens.next() {
            switch token {
            case .word(let word):
                if depth == 0, word == "local" {
                    let declared = locals(in: &tokens, &names)
                    if !declared.isEmpty { return declared }
                    continue
                }
                depth += LuaTokens.nesting(of: word)
                names.insert(word)
            default: continue
            }
        }
        return nil
    }

    private static func locals(in tokens: inout LuaTokens, _ names: inout Set<String>) -> [Local] {
        guard case .word(let first)? = tokens.next() else { return [] }
        if first == "function" {
            guard case .word(let name)? = tokens.next() else { return [] }
            names.insert(name)
            var depth = 1
            while depth > 0, let token = tokens.next() {
                guard case .word(let word) = token else { continue }
                depth += LuaTokens.nesting(of: word)
                names.insert(word)
            }
            return [Local(name: name)]
        }
        var declared = [Local(name: first)]
        names.insert(first)
        while let token = tokens.peek() {
            if token == .symbol("<") {
                _ = tokens.next()
                if case .word(let attribute)? = tokens.next() { declared[declared.count - 1].attribute = attribute }
                _ = tokens.next()
            } else if token == .symbol(",") {
                _ = tokens.next()
                if case .word(let name)? = tokens.next() {
                    declared.append(Local(name: name))
                    names.insert(name)
                }
            } else {
                break
            }
        }
        if tokens.peek() == .symbol("=") {
            _ = tokens.next()
            tokens.skipExpressions(&names)
        }
        return declared
    }
}
