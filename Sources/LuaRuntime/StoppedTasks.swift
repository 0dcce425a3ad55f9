/// The stopped tasks that have not ended. While there are some, the Lua thread is told to hurry: after a second, which is
/// how long their to-be-closed variables may run, and every 100 ms from then on.
struct StoppedTasks {
    private let hurry: @Sendable () -> Void
    private var tasks: [UInt64: LuaTask] = [:]
    private var watchdog: Task<Void, Never>?

    /// - Parameter hurry: Called on any thread.
    init(hurry: @escaping @Sendable () -> Void) { self.hurry = hurry }

    mutating func insert(_ task: LuaTask) {
        tasks[task.number] = task
        guard watchdog == nil else { return }
        let hurry = hurry
        watchdog = Task.detached {
            var pause = Duration.seconds(1)
            while (try? await Task.sleep(for: pause)) != nil {
                hurry()
                pause = .milliseconds(100)
            }
        }
    }

    mutating func remove(_ task: LuaTask) {
        guard tasks.removeValue(forKey: task.number) != nil, tasks.isEmpty else { return }
        watchdog?.cancel()
        watchdog = nil
    }

    /// Those that wait although their time for closing is over.
    var overdue: [LuaTask] {
        tasks.values.filter { task in
            if case .waiting = task.state { !task.mayGoOnClosing } else { false }
        }
    }
}
