import Bindings
import CEdit
import HubSpot
import Synchronization
import Quota

/// The line at the bottom of a terminal that says why it takes a while, as long as something runs. It stands on
/// standard error, and output takes its place.
final class StatusLine: Sendable {
    /// The progress that `task.map` and `task.each` tell.
    let progress: TaskProgress
    private let source: SessionSource
    private let style: Style
    private let ticking = Mutex<Task<Void, Never>?>(nil)

    /// How often it is drawn.
    private static let interval: Duration = .milliseconds(250)

    /// Before a Lua state exists, which keeps the streams that it finds.
    ///
    /// - Returns: Nil where there is no terminal that can draw a line anew, and with `--no-progress`.
    init?(_ workspace: Workspace) {
        let terminal = workspace.environment["TERM"]
        guard Output.error.isTerminal, !workspace.options.noProgress, let terminal, terminal != "dumb" else {
            return nil
        }
        let source = workspace.source
        self.source = source
        progress = TaskProgress { source.openSession?.answeredRequests ?? 0 }
        style = Output.error.style(noColor: workspace.environment.declinesColor)
        ce_open_status()
    }

    /// Shows progress and waits from now on.
    func begin() {
        let task = Task { [self] in
            var account = Account()
            while (try? await Task.sleep(for: Self.interval, clock: .continuous)) != nil { await draw(&account) }
        }
        ticking.withLock { $0 = task }
    }

    /// Shows nothing any more.
    func end() {
        let task = ticking.withLock { ticking in
            defer { ticking = nil }
            return ticking
        }
        task?.cancel()
        ce_hide_status()
    }

    /// Takes the line away. True where it stood there.
    static func hide() -> Bool { ce_hide_status() }

    /// The last progress of a `task.map`.
    private struct Account {
        var since: ContinuousClock.Instant?
        var quotaTime: Duration?
        var asked: ContinuousClock.Instant?
    }

    private func draw(_ account: inout Account) async {
        let session = source.openSession
        let wait = await session?.currentWait()
        var shown: StatusText.Progress?
        if let entry = progress.outermost {
            shown = StatusText.Progress(
                name: entry.name, done: entry.done, total: entry.total, elapsed: .now - entry.since,
                quotaTime: await quotaTime(entry, session, wait, &account))
        }
        let text = StatusText.line(shown, wait, columns: Int(ce_columns(Output.error.rawValue)))
        guard !Task.isCancelled else { return }
        guard let text else {
            ce_hide_status()
            return
        }
        let line = style.dim(text)
        ce_show_status(line, line.utf8.count)
    }

    /// How long the requests take that the items left will need, if they need as many as those that are done. Looked up
    /// once a second: a shared store is asked for it.
    private func quotaTime(
        _ entry: TaskProgress.Entry, _ session: Session?, _ wait: CurrentWait?, _ account: inout Account
    ) async -> Duration? {
        guard let session, let total = entry.total else { return nil }
        if let asked = account.asked, account.since == entry.since, .now - asked < .seconds(1) {
            return account.quotaTime
        }
        account = Account(since: entry.since, asked: .now)
        let requests = session.answeredRequests - entry.requestsBefore
        guard entry.done > 0, requests > 0 else { return nil }
        let left = Double(requests) / Double(entry.done) * Double(total - entry.done)
        account.quotaTime = await session.time(
            for: Int(clamping: Int64(nearest: left.rounded(.up))), in: wait?.reason.lane ?? .burst)
        return account.quotaTime
    }
}
