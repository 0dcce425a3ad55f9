import CLuaBridge

/// A task that has not ended, as the console lists it.
public struct TaskSummary: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case running
        /// Goes on as soon as the thread is free.
        case ready
        /// For a call's answer, for a moment, or for the task of that number.
        case calling, sleeping, awaiting(UInt64)
    }

    public var number: UInt64
    /// The task that has started it; nil for a line, and where that has ended.
    public var parent: UInt64?
    public var state: State
    /// Where its code is: `stdin:1`, `import.lua:20`; empty where it has not begun.
    public var place: String
}

extension LuaRuntime {
    /// The tasks that have not ended, oldest first.
    public func tasks() async -> [TaskSummary] {
        await ask { scheduler, answer in answer(scheduler.summaries()) }
    }

    /// Cancels a task and those that it has started.
    /// - Returns: False where there is none of that number that has not ended.
    public func cancelTask(_ number: UInt64) async -> Bool {
        await ask { scheduler, answer in
            let isThere = scheduler.tasks[number]?.hasEnded == false
            if isThere { scheduler.cancel(number) }
            answer(isThere)
        }
    }
}

extension Scheduler {
    fileprivate func summaries() -> [TaskSummary] {
        tasks.all.compactMap { task -> TaskSummary? in
            let state: TaskSummary.State
            switch task.state {
            case .ended: return nil
            case .running: state = .running
            case .ready: state = .ready
            case .waiting(let token):
                state =
                    switch waits[token]?.kind {
                    case .call?: .calling
                    case .timer?: .sleeping
                    case .task(let other, _)?: .awaiting(other.number)
                    case nil: .ready
                    }
            }
            var place = [CChar](repeating: 0, count: 120)
            ms_task_place(task.thread, &place, place.count)
            let bytes = place.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return TaskSummary(
                number: task.number, parent: task.parent?.number, state: state,
                place: String(decoding: bytes, as: UTF8.self))
        }.sorted { $0.number < $1.number }
    }
}
