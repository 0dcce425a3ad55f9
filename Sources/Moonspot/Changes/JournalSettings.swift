import ArgumentParser

/// What the journal keeps of a session's writes (`--journal`, `journal` in a profile).
enum JournalMode: String, CaseIterable, ExpressibleByArgument, Sendable {
    case off
    case writes
    /// Their values before as well, which are read first.
    case undo

    init(_ text: String) throws(ArgumentProblem) {
        guard let mode = JournalMode(rawValue: text) else {
            throw ArgumentProblem("the modes are \(JournalMode.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = mode
    }
}

/// How a session's runs are kept.
struct JournalSettings: Sendable, Equatable {
    var mode = JournalMode.writes
    /// Runs are forgotten after so many.
    var days = 30
}
