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
    /// Says again and again that a console is open; nil where none is.
    fileprivate var console: Task<Void, Never>?
    fileprivate var hasConsole = false

    fileprivate static let interval: Duration = .milliseconds(500)
    /// For how long others leave places to a console that says nothing any more, and how often it says that it is open.
    fileprivate static let lease: Duration = .seconds(10)
    fileprivate static let renewal: Duration = .seconds(3)

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

    /// A console is open from now on, until the limiter is closed: bulk work of any process leaves it a few places.
    func openConsole() async {
        guard !isClosed, !telling.hasConsole else { return }
        telling.hasConsole = true
        await store.openConsole(for: PresenceTelling.lease)
        // The session was closed meanwhile.
        if isClosed { return await store.closeConsole() }
        // Nothing has to be renewed that this process alone knows, and a clock that jumps must have nothing to jump to.
        guard store.isShared else { return }
        telling.console = Task(executorPreference: executor) { [weak self, store, clock] in
            while true {
                do { try await clock.sleep(for: PresenceTelling.renewal) } catch { return }
                guard self != nil, !Task.isCancelled else { return }
                await store.openConsole(for: PresenceTelling.lease)
            }
        }
        await tellOthers()
    }

    /// Tells the others that this process ends, if it has told them anything.
    func takeLeave() async {
        if telling.hasConsole {
            telling.console?.cancel()
            // One that is being renewed right now would outlast what is said here.
            await telling.console?.value
            telling.console = nil
            await store.closeConsole()
        }
        telling.later?.cancel()
        telling.later = nil
        if telling.told != nil { await store.announce(nil) }
    }

    private var presence: LimiterPresence {
        var presence = LimiterPresence(
            program: telling.program, pid: getpid(), waiting: lines.values.joined().count { !$0.isOver },
            inFlight: inFlight)
        presence.process = .current
        return presence
    }
}
