import Dispatch
import Glibc
import Subprocess
import Synchronization
import Words

/// Shows a text that is longer than the screen page by page.
struct Pager: Sendable {
    private let paging: ConsoleSettings.Paging
    private let environment: ProcessEnvironment
    private let time: ReadingTime

    init(_ paging: ConsoleSettings.Paging, console: Console) {
        self.paging = paging
        environment = console.workspace.environment
        time = console.readingTime
    }

    func show(_ text: String, isInteractive: Bool) async {
        guard isInteractive, let size = Output.standard.size, Self.rows(of: text, columns: size.columns) >= size.rows,
            let command, await time.counting({ await pipe(text, into: command) })
        else {
            Output.standard.write(text)
            return
        }
    }

    /// The lines that a text takes on a terminal; escape sequences take no room.
    static func rows(of text: String, columns: Int) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().reduce(0) { rows, line in
            rows + max(1, (DisplayWidth.of(Style.stripped(line)) + columns - 1) / columns)
        }
    }

    /// Nil where nothing is paged. `less` alone is told to keep colours and to leave a short text on the screen.
    private var command: String? {
        switch paging {
        case .off: nil
        case .command(let command): command
        case .auto: environment["PAGER"] ?? "less"
        }
    }

    /// - Returns: False where the program could not be started.
    private func pipe(_ text: String, into command: String) async -> Bool {
        await Foreground.shell(
            command, environment: environment["LESS"] == nil ? ["LESS": "-R -F"] : [:], input: Array(text.utf8))
            != Foreground.notFound
    }
}

/// How long a person has read in the pager so far: that is no time that a line took.
final class ReadingTime: Sendable {
    private let sum = Mutex(Duration.zero)
    var soFar: Duration { sum.withLock { $0 } }

    func counting<Value>(_ body: () async -> Value) async -> Value {
        let begun = ContinuousClock.now
        let value = await body()
        sum.withLock { $0 += ContinuousClock.now - begun }
        return value
    }
}
