/// What became of one test.
struct TestOutcome: Equatable, Sendable {
    enum Verdict: Equatable, Sendable { case passed, failed, skipped }

    var file: String
    var name: String
    var verdict: Verdict
    /// Why it failed or was skipped.
    var message = ""
    /// Where it failed, its own frames alone.
    var traceback = ""
    var duration = Duration.zero
}
