import Dispatch
import Glibc
import Subprocess
import Words

/// Shows a text that is longer than the screen page by page.
struct Pager: Sendable {
    private let paging: ConsoleSettings.Paging
    private let environment: ProcessEnvironment

    init(_ paging: ConsoleSettings.Paging, console: Console) {
        self.paging = paging
        environment = console.workspace.environment
    }

    func show(_ text: String, isInteractive: Bool) async {
        guard isInteractive, let size = Output.standard.size, Self.rows(of: text, columns: size.columns) >= size.rows,
            let command, await pipe(text, into: command)
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
