import Glibc
import LuaRuntime
import Words

extension ConsoleCommand {
    static let ofTime = [time, watch]

    private static let time = ConsoleCommand(
        name: "time", usage: "CODE", summary: "runs a line and tells how long it took",
        details: ":set timing on does so for every line.",
        completes: .code
    ) { call in
        guard !call.rest.isEmpty else { throw CommandProblem(":time needs a line: :time hubspot.contacts.count()") }
        return .ended(await call.context.evaluate(call.rest, remembering: false, isTimed: true))
    }

    private static let watch = ConsoleCommand(
        name: "watch", usage: "[SECONDS] CODE",
        summary: "runs a line again and again, until Ctrl-C: :watch 5 hubspot.contacts.count()",
        details: "Two seconds pass between two runs where no number is given. It ends with the first error.",
        completes: .timedCode
    ) { call in
        let (pause, code) = try WatchedLine.parse(call.rest)
        return .ended(await call.context.watch(code, every: pause))
    }
}

/// `:watch` taken apart.
enum WatchedLine {
    static let usual: Duration = .seconds(2)

    static func parse(_ text: String) throws(CommandProblem) -> (pause: Duration, code: String) {
        let word = String(text.prefix { !$0.isWhitespace })
        let behind = String(text.dropFirst(word.count).drop(while: \.isWhitespace))
        let isNumber = word.first?.isNumber == true || word.first == "."
        guard isNumber, !behind.isEmpty || Double(word) != nil || (try? Quantities.duration(word)) != nil else {
            guard !text.isEmpty else { throw CommandProblem(":watch needs a line: :watch 5 hubspot.contacts.count()") }
            return (usual, text)
        }
        guard let pause = duration(word) else {
            // `:watch 2 + 2`, `:watch 1..n`: an expression that begins with a number.
            return (usual, text)
        }
        guard !behind.isEmpty else {
            throw CommandProblem(":watch needs a line behind the seconds: :watch \(word) hubspot.contacts.count()")
        }
        guard pause >= .milliseconds(100) else { throw CommandProblem(":watch waits 0.1 seconds at least") }
        return (pause, behind)
    }

    /// `5`, `0.5`, `500ms`, `2m`.
    private static func duration(_ word: String) -> Duration? {
        if let seconds = Double(word) { return seconds >= 0 && seconds <= 1e9 ? .seconds(seconds) : nil }
        return try? Quantities.duration(word)
    }
}

extension ReplContext {
    fileprivate func watch(_ code: String, every pause: Duration) async -> ExitStatus {
        let signals = console.interrupts.count
        while true {
            let heading = "every \(pause.words) · \(Self.clockTime()) · Ctrl-C ends it"
            tell(style.dim(heading))
            let status = await evaluate(code, remembering: false)
            guard status == .fine else { return status == .interrupted ? .fine : status }
            guard await sleep(pause, unless: signals) else {
                tell("")  // the terminal has shown ^C
                return .fine
            }
        }
    }

    /// - Parameter signals: How many had come when the loop began.
    /// - Returns: False where Ctrl-C has ended the loop, now or while the line ran to its end.
    private func sleep(_ pause: Duration, unless signals: Int) async -> Bool {
        let work = Task { (try? await Task.sleep(for: pause, clock: .continuous)) != nil }
        let before = console.interrupts.onInterrupt { work.cancel() }
        defer { console.interrupts.onSignal(before) }
        if console.interrupts.count != signals { work.cancel() }
        return await work.value
    }

    /// `10:32:05`
    static func clockTime(_ moment: Int64? = nil) -> String {
        LocalTime.text(moment ?? Int64(Glibc.time(nil)), "%H:%M:%S")
    }
}
