import LuaRuntime

/// Errors as people read them: one line, `not_found (404): no contact with id 7 (GET /crm/objects/2026-09/contacts/7)`.
enum ErrorText {
    /// The table of an error of ours.
    static func line(_ table: LuaTable) -> String {
        var line = table["kind"].asString ?? "error"
        if let status = table["status"].asInteger { line += " (\(status))" }
        if let message = table["message"].asString, !message.isEmpty { line += ": \(message)" }
        if let request = table["request"].asString { line += " (\(request))" }
        return Escaping.visible(line)
    }

    /// The error that ended a chunk: its message, made safe for a terminal. Line breaks stay (a syntax error may quote
    /// code).
    static func message(_ failure: LuaFailure) -> String {
        lines(failure.message)
    }

    /// Text of several lines, made safe for a terminal.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).map { Escaping.visible(String($0)) }.joined(
                    separator: "\t")
            }
            .joined(separator: "\n")
    }
}
