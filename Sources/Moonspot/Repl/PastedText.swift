/// Lines that were pasted at once and are no chunk together: statements, expressions in between and commands, each as if it had
/// been typed by itself.
struct PastedText: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case command(String)
        case lua(String)
    }

    private(set) var pieces: [Piece] = []
    /// Lines at the end that want more.
    private(set) var rest = ""

    /// Nil where a part of it cannot become a chunk either: then nothing of it is run.
    init?(_ text: String, completeness: (String) async -> Completeness) async {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if rest.isEmpty {
                if line.allSatisfy(\.isWhitespace) { continue }
                if Self.isCommand(line) {
                    pieces.append(.command(String(line)))
                    continue
                }
            }
            rest += rest.isEmpty ? String(line) : "\n" + line
            switch await completeness(rest) {
            case .complete:
                pieces.append(.lua(rest))
                rest = ""
            case .incomplete: continue
            case .invalid: return nil
            }
        }
    }

    enum Completeness: Sendable { case complete, incomplete, invalid }

    /// Whether a line of the text is a command: `:method(` goes on with what stands above it.
    static func holdsCommands(_ text: String) -> Bool {
        text.split(separator: "\n").contains(where: isCommand)
    }

    private static func isCommand(_ line: Substring) -> Bool {
        guard let words = CommandWords(String(line)) else { return false }
        if line.drop(while: \.isWhitespace).first == "?" { return true }
        guard !words.name.contains("("), case .command = CommandTable.find(words.name) else { return false }
        return true
    }
}
