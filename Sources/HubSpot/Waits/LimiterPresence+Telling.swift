#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// When the limiter tells those who share its store what this process does: not more often than people look.
struct PresenceTelling: Sendable {
    /// What others call this process.
    let program: String
    fileprivate var told: Duration?
    fileprivate var later: Task<Void, Never>?

    fileprivate static let interval: Duration = .milliseconds(500)

    init(program: String) { self.program = program }
}

extension Limiter {
    /// Tells the others now, or a little later where that was done just before.
    func tellOthers() async {
        guard store.kind != .memory, !isClosed, telling.later == nil else { return }
        let now = clock.now
        if let told = telling.told, now - told < PresenceTelling.interval {
            telling.later = Task(executorPreference: executor) { [weak self, clock] in
                do { try await clock.sleep(until: told + PresenceTelling.interval) } catch { return }
                await self?.tellAfterPause()
            }
            return
        }
        telling.told = now
        await store.announce(presence)
    }

    private func tellAfterPause() async {
        telling.later = nil
        guard !isClosed else { return }
        telling.told = clock.now
        await store.announce(presence)
    }

    /// Tells the others that this process ends, if it has told them anything.
    func takeLeave() async {
        telling.later?.cancel()
        telling.later = nil
        if telling.told != nil { await store.announce(nil) }
    }

    private var presence: LimiterPresence {
        LimiterPresence(
            program: telling.program, pid: getpid(), waiting: lines.values.joined().count { !$0.isOver }, inFlight: inFlight)
    }
}
