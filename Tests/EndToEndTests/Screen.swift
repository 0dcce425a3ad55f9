import Foundation

/// The program on the screen of a terminal emulator, tmux: keys in, and out what a person sees, cursor movements and all
/// carried out.
struct Screen: Sendable {
    private static let program = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/tmux" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// A build server has it: there, tests fail that others are told to have been skipped.
    static var isReachable: Bool { program != nil || ProcessInfo.processInfo.environment["CI"] == "true" }
    static let remark = "tmux is not installed; scripts/test installs it"

    private let home: Home
    private let socket: String

    /// What the screen shows at one moment.
    struct Picture: Sendable {
        /// The rows from the top to the last that is not empty, without the spaces behind them.
        var lines: [String]
        /// The line that the cursor is in.
        var cursor: Int
        var text: String { lines.joined(separator: "\n") }
        var atCursor: String { lines.indices.contains(cursor) ? lines[cursor] : "" }
    }

    /// Starts the program on a screen for the time of `body`.
    static func with<T>(
        _ home: Home, _ arguments: [String] = ["--simulator"], environment: [String: String] = [:], columns: Int = 80,
        rows: Int = 30, body: (Screen) async throws -> T
    ) async throws -> T {
        let screen = Screen(home: home, socket: home.path("tmux-\(UUID().uuidString.prefix(8))"))
        let settings = try home.write(
            """
            set -g status off
            set -g escape-time 0
            set -g remain-on-exit on
            set -g history-limit 5000
            """, to: "tmux.conf")
        _ = try await screen.tell(
            ["-f", settings, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", Home.binary] + arguments,
            environment: environment)
        do {
            let answer = try await body(screen)
            _ = try await screen.tell(["kill-server"])
            return answer
        } catch {
            _ = try? await screen.tell(["kill-server"])
            throw error
        }
    }

    private func tell(_ words: [String], environment: [String: String] = [:]) async throws -> String {
        guard let program = Self.program else { throw Child.Failure(Self.remark) }
        var variables = home.environment(environment)
        variables["TMUX"] = nil
        let result = try await Child([program, "-u", "-S", socket] + words, environment: variables).finish()
        guard result.status == 0 else { throw Child.Failure("tmux \(words): \(result.errors)") }
        return result.output
    }

    /// Types text as it stands.
    func type(_ text: String) async throws { _ = try await tell(["send-keys", "-l", "--", text]) }

    /// Presses keys by tmux's names: `Tab`, `Up`, `C-c`, `Enter`.
    func press(_ keys: String...) async throws { _ = try await tell(["send-keys"] + keys) }

    /// Pastes text, in the brackets that a terminal puts around it.
    func paste(_ text: String) async throws {
        _ = try await tell(["set-buffer", "-b", "pasted", text])
        _ = try await tell(["paste-buffer", "-b", "pasted", "-p", "-d", "-r"])
    }

    /// Types a line, and Enter once it stands there.
    func enter(_ line: String) async throws {
        try await type(line)
        let shown = line.filter { !$0.isWhitespace }
        try await waits(line.debugDescription) { picture in
            picture.lines.prefix(picture.cursor + 1).joined().filter { !$0.isWhitespace }.hasSuffix(shown)
        }
        try await press("Enter")
    }

    /// - Parameter isColored: With the escape sequences of colours in it.
    func picture(isColored: Bool = false) async throws -> Picture {
        let capture = ["capture-pane", "-p"] + (isColored ? ["-e"] : [])
        let answer = try await tell(["display-message", "-p", "#{cursor_y}", ";"] + capture)
        var lines = answer.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let cursor = Int(lines.removeFirst()) ?? 0
        while lines.last?.isEmpty == true { lines.removeLast() }
        return Picture(lines: lines, cursor: cursor)
    }

    /// Looks again and again until the picture is as it should be.
    @discardableResult
    func waits(
        _ what: String, isColored: Bool = false, within limit: Duration = .seconds(30),
        until isRight: (Picture) -> Bool
    ) async throws -> Picture {
        let deadline = ContinuousClock.now + limit
        while true {
            let picture = try await picture(isColored: isColored)
            if isRight(picture) { return picture }
            guard ContinuousClock.now < deadline else {
                throw Child.Failure("\(what) did not come; the screen shows:\n\(picture.text)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @discardableResult
    func shows(_ text: String, isColored: Bool = false) async throws -> Picture {
        try await waits(text.debugDescription, isColored: isColored) { $0.text.contains(text) }
    }

    /// Waits until the cursor stands behind a prompt, and nothing is typed there.
    @discardableResult
    func prompts(_ prompt: String = "simulator 20000001>") async throws -> Picture {
        try await waits("the prompt \(prompt)") { $0.atCursor == prompt }
    }

    /// Runs a line, and waits for the next prompt.
    @discardableResult
    func run(_ line: String) async throws -> Picture {
        try await enter(line)
        return try await prompts()
    }
}
