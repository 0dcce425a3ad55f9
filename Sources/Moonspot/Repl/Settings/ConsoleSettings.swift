import Synchronization

/// What `:set` changes, for the rest of the session.
struct ConsoleSettings: Sendable, Equatable {
    /// Yes, no, or as it fits.
    enum Choice: String, CaseIterable, Sendable { case auto, on, off }

    /// What a long text is shown with.
    enum Paging: Sendable, Equatable {
        /// `$PAGER`, else `less`, where the text is longer than the terminal.
        case auto
        case off
        /// By `sh -c`, likewise.
        case command(String)
    }

    var output = OutputFormat.text
    var pager = Paging.auto
    /// Whether each line tells how long it took.
    var timing = false
    /// Whether a table is shown as a list of fields for each row.
    var vertical = Choice.auto
    /// The columns of the next tables, in that order; empty for those that the values have.
    var columns: [String] = []
    /// Which writes to a real portal are asked about.
    var confirm = WriteQuestions.Level.moderate
    var colour = Choice.auto
    /// Rows of a table that are shown; the rest is counted. Nil for all.
    var rows: Int? = 200
}

/// The settings of a console, which every thread may ask for.
final class SharedSettings: Sendable {
    private let settings: Mutex<ConsoleSettings>

    init(_ settings: ConsoleSettings) { self.settings = Mutex(settings) }

    var current: ConsoleSettings { settings.withLock { $0 } }

    func change<Failure: Error>(
        _ body: (inout ConsoleSettings) throws(Failure) -> Void
    ) throws(Failure) {
        try settings.withLock { settings throws(Failure) in try body(&settings) }
    }
}
