import LuaRuntime

/// Errors as people read them: one line, `not_found: no contact has the id 7`.
enum ErrorText {
    /// The table of an error of ours.
    static func line(_ table: LuaTable) -> String {
        let kind = table["kind"].asString ?? "error"
        guard let message = table["message"].asString, !message.isEmpty else { return Escaping.visible(kind) }
        return Escaping.visible("\(kind): \(message)")
    }

    /// What ended a chunk: its message, made safe for a terminal. Line breaks stay (a syntax error may quote code).
    static func message(_ failure: LuaFailure) -> String {
        lines(failure.message)
    }

    /// The traceback below it, or nothing.
    static func traceback(_ failure: LuaFailure) -> String? {
        failure.cause == .syntax || failure.traceback.isEmpty ? nil : lines(failure.traceback)
    }

    private static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).map { Escaping.visible(String($0)) }.joined(
                    separator: "\t")
            }
            .joined(separator: "\n")
    }
}
