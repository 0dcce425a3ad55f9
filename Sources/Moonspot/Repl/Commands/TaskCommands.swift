import LuaRuntime
import Words

extension ConsoleCommand {
    static let tasks = ConsoleCommand(
        name: "tasks", usage: "[cancel NUMBER|all]",
        summary: "the tasks that run, and what they wait for; cancel ends them",
        details: "A task that is cancelled ends those that it has started.", completes: .words(["cancel", "all"])
    ) { call in
        let context = call.context
        let runtime = context.console.runtime
        let running = await runtime.tasks()
        switch call.arguments.first {
        case nil:
            context.tell(TaskTable(running, columns: Output.standard.columns, style: context.style).text)
        case "cancel"?:
            guard let word = call.arguments.dropFirst().first else {
                throw CommandProblem(":tasks cancel needs a number, or all: :tasks cancel 12")
            }
            var numbers = running.map(\.number)
            if word != "all" {
                guard let number = UInt64(word), numbers.contains(number) else {
                    throw CommandProblem("no task \(word) runs; :tasks lists them")
                }
                numbers = [number]
            }
            var count = 0
            for number in numbers where await runtime.cancelTask(number) { count += 1 }
            context.tell("\(Counts.counted(count, "task")) cancelled")
        case let word?: throw CommandProblem(":tasks lists, and :tasks cancel NUMBER ends one; '\(word)' is neither")
        }
        return .done
    }
}

/// Tasks as people read them.
struct TaskTable {
    private static let shown = 200

    private let tasks: [TaskSummary]
    private let columns: Int?
    private let style: Style

    init(_ tasks: [TaskSummary], columns: Int?, style: Style) {
        self.tasks = tasks
        self.columns = columns
        self.style = style
    }

    var text: String {
        guard !tasks.isEmpty else { return style.dim("no task runs") }
        let rows = tasks.prefix(Self.shown).map { task in
            [
                String(task.number), Self.words(task.state), task.parent.map { "of \($0)" } ?? "",
                Escaping.visible(task.place),
            ]
        }
        var lines = AlignedColumns([["task", "state", "", "at"]] + rows).lines(alignment: [0: .right], room: columns)
        lines[0] = style.bold(lines[0])
        if tasks.count > Self.shown { lines.append(style.dim("… \(Counts.grouped(tasks.count - Self.shown)) more")) }
        return lines.joined(separator: "\n")
    }

    private static func words(_ state: TaskSummary.State) -> String {
        switch state {
        case .running: "runs"
        case .ready: "ready"
        case .calling: "waits for an answer"
        case .sleeping: "sleeps"
        case .awaiting(let number): "waits for task \(number)"
        }
    }
}
