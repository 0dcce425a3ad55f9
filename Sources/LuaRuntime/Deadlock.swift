/// Tasks that wait for each other for ever.
enum Deadlock {
    /// Where every task waits for another, the oldest of them, which gets an error. The caller has seen that nothing else is
    /// under way.
    static func victim(among tasks: some Sequence<LuaTask>, _ waits: WaitTable) -> (task: LuaTask, token: UInt64)? {
        let stuck = tasks.compactMap { task -> (task: LuaTask, token: UInt64)? in
            guard case .waiting(let token) = task.state, case .task = waits[token]?.kind else { return nil }
            return (task, token)
        }
        return stuck.min { $0.task.number < $1.task.number }
    }

    /// Names the tasks that wait for each other, from `task` on, which waits by `token`.
    static func message(with task: LuaTask, token: UInt64, _ waits: WaitTable) -> String {
        guard case .task(let target, _)? = waits[token]?.kind else { return "deadlock: nothing can end this wait" }
        var parts = ["task \(task.number) waits for task \(target.number)"]
        var next = target
        var seen: Set<UInt64> = [task.number]
        while parts.count < 5, seen.insert(next.number).inserted, case .waiting(let token) = next.state,
            case .task(let further, _)? = waits[token]?.kind
        {
            parts.append("task \(next.number) waits for task \(further.number)")
            next = further
        }
        if case .running = next.state, next !== task {
            parts.append(
                "task \(next.number) cannot go on before task \(task.number), which runs on top of it where Lua cannot yield"
            )
        }
        return "deadlock: " + parts.joined(separator: ", ") + (seen.count > 4 ? ", ..." : "")
    }

    static let tooDeep =
        "too many tasks wait on top of each other where Lua cannot yield: await outside of the comparator, the replacement function "
        + "or the metamethod, or run fewer at a time"
}
