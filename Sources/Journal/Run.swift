/// A session that wrote something: a script, a piece of code, a console, or the undoing of another run.
public struct Run: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case script, code, console, undo, retry
        /// The sending of a plan's file.
        case apply
    }

    /// The journal's number for it; 0 before the journal knows it. Numbers rise, and none is given twice.
    public var id: Int64 = 0
    public var kind: Kind
    /// Milliseconds since 1970, by the machine's clock.
    public var began: Int64
    /// Nil for a run that goes on, and for one that was killed.
    public var ended: Int64?
    /// The exit status; nil likewise.
    public var exit: Int32?
    public var profile: String?
    /// The account's id as far as the run knew it.
    public var portal: Int64?
    /// The base URL of the server that it wrote to.
    public var server: String?
    /// Tells whether two runs had one credential, which cannot be found from it.
    public var credential: String?
    /// The script's path, the code of `-e`, or a plan's file.
    public var script: String?
    /// The script's arguments, with secrets blanked; of a plan, what tells it from all others.
    public var arguments: [String]
    /// The program's own options, with secrets blanked.
    public var options: [String] = []
    /// Tells whether the script has changed since.
    public var digest: String?
    /// The folder that it was started in.
    public var folder: String?
    /// The run that it takes back.
    public var undoes: Int64?
    /// The run whose writes it makes once more.
    public var retries: Int64?

    public init(
        _ kind: Kind, began: Int64, profile: String? = nil, script: String? = nil, arguments: [String] = [],
        folder: String? = nil, undoes: Int64? = nil
    ) {
        self.kind = kind
        self.began = began
        self.profile = profile
        self.script = script
        self.arguments = arguments
        self.folder = folder
        self.undoes = undoes
    }
}

/// A run, and what became of its writes.
public struct RunSummary: Sendable, Equatable {
    public var run: Run
    /// False for a run that has ended, however it did.
    public var isRunning: Bool
    /// How many writes have each fate.
    public var counts: [Write.Fate: Int]

    public var writes: Int { counts.values.reduce(0, +) }
}
