/// The times at which `task.timeout` stops tasks.
struct TaskDeadlines {
    /// By the task's number: takes the timer back.
    private var pending: [UInt64: @Sendable () -> Void] = [:]

    var isEmpty: Bool { pending.isEmpty }

    /// - Parameter takeBack: Takes back the timer that leads to ``expire(_:)``.
    mutating func set(_ number: UInt64, takeBack: @escaping @Sendable () -> Void) {
        pending.updateValue(takeBack, forKey: number)?()
    }

    /// Takes back the task's deadline, if one is still to come.
    mutating func cancel(_ number: UInt64) { pending.removeValue(forKey: number)?() }

    /// - Returns: False where the task has no deadline any more.
    mutating func expire(_ number: UInt64) -> Bool { pending.removeValue(forKey: number) != nil }
}
