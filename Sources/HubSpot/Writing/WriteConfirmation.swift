/// Whether a person is asked before a write that people regret: one that cannot be undone, a deletion, or one of many
/// records. The program that opens a session says who answers.
public struct WriteConfirmation: Sendable {
    public enum Stance: Sendable, Equatable {
        /// Nothing is asked.
        case open
        /// There is no person to ask: what would have to be confirmed is refused, of kind `not_confirmed`.
        case refusing
        /// Asks. The number tells what is typed apart: what was confirmed holds for the calls of one line alone.
        case asking(line: Int)
    }

    /// So many records may be written by one line or script unasked, except where HubSpot offers no way back.
    public var threshold: Int
    /// Looked up for each write.
    public var stance: @Sendable () -> Stance
    /// Asks, one question at a time, and waits for the answer. Answers false where its task is cancelled.
    public var ask: @Sendable (WriteQuestion) async -> Bool

    public init(
        threshold: Int = 100, stance: @escaping @Sendable () -> Stance,
        ask: @escaping @Sendable (WriteQuestion) async -> Bool
    ) {
        self.threshold = threshold
        self.stance = stance
        self.ask = ask
    }

    /// True for the calls that a caller has confirmed beforehand.
    @TaskLocal package static var isGiven = false
}

/// The question before a write.
public struct WriteQuestion: Sendable, Equatable {
    /// What would be done by the calls that wait for the answer.
    public var effect: WriteEffect
    /// How many records the same line has written so already.
    public var written: Int
    /// Whether a yes holds for all that the line goes on to write, however many that are: it has turned out to be a loop.
    public var isOpenEnded: Bool
    /// The account that it would happen in; nil where it does not tell.
    public var portalID: Int64?
    /// The server that it would be sent to.
    public var server = ""
}
