package import NIOCore
import NIOPosix
import Synchronization

/// The thread on which a program's sessions have their connections and run their own tasks: a call passes from its caller to
/// this thread and back, and over no other.
///
/// Nothing that runs here may block.
package final class WireThread: TaskExecutor {
    /// One for the process; made on first use, and there to its end.
    package static let shared = WireThread()

    /// Starts the thread.
    package var loop: any EventLoop { Self.started }
    private static let started: any EventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).any()
    private let queue = Mutex(Queue())

    private struct Queue {
        var jobs: [UnownedJob] = []
        /// Whether the loop will look.
        var isAwaited = false
    }

    /// So many jobs run before the loop looks at its sockets again.
    private static let stretch = 256

    private init() {}

    /// Runs `action` on the thread when so much time has passed. It must not block.
    /// - Returns: A closure that takes it back.
    package func alarm(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let scheduled = loop.scheduleTask(in: TimeAmount(delay), action)
        return { scheduled.cancel() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = queue.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isAwaited = true }
            return !queue.isAwaited
        }
        if isFirst { loop.execute { self.run() } }
    }

    /// Runs the jobs that wait, and those that they make ready: an answer that is handed from task to task costs the loop one
    /// turn.
    private func run() {
        let executor = asUnownedTaskExecutor()
        var jobs: [UnownedJob] = []
        var done = 0
        while done < Self.stretch {
            let isOver = queue.withLock { queue in
                swap(&jobs, &queue.jobs)
                if jobs.isEmpty { queue.isAwaited = false }
                return jobs.isEmpty
            }
            if isOver { return }
            for job in jobs { job.runSynchronously(on: executor) }
            done += jobs.count
            jobs.removeAll(keepingCapacity: true)
        }
        loop.execute { self.run() }
    }
}
