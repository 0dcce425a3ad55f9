import HeapModule

/// Tasks that wait for each other for ever.
extension Scheduler {
    /// Where every task waits for another and nothing else is under way, the oldest gets an error.
    func breakDeadlock() -> Bool {
        guard liveCount > 0, !isAnythingUnderWay else { return false }
        let stuck = tasks.values.filter { task in
            if case .waiting(let token) = task.state, case .task = waits[token]?.kind { true } else { false }
        }
        guard let victim = stuck.min(by: { $0.number < $1.number }), case .waiting(let token) = victim.state else {
            return false
        }
        answer(token, .failure(.string(deadlockMessage(with: victim, token: token))))
        return true
    }

    func deadlockMessage(with task: LuaTask, token: UInt64) -> String {
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
}
