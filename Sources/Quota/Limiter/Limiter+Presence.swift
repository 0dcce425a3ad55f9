import Glibc

/// When the limiter tells the processes that share its store about this one: not more often than people look.
struct PresenceSchedule: Sendable {
    /// This process's name for others.
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
    func announcePresence() async {
        guard store.kind != .memory, !isClosed, presenceSchedule.later == nil else { return }
        let now = clock.now
        if let told = presenceSchedule.told, now - told < PresenceSchedule.interval {
            presenceSchedule.later = Task(executorPreference: executor) { [weak self, clock] in
                do { try await clock.sleep(until: told + PresenceSchedule.interval) } catch { return }
                await self?.announceAfterPause()
            }
            return
        }
        presenceSchedule.told = now
        await store.announce(presence)
    }

    private func announceAfterPause() async {
        presenceSchedule.later = nil
        guard !isClosed else { return }
        presenceSchedule.told = clock.now
        await store.announce(presence)
    }

    /// A console is open from now on, until the limiter is closed: bulk work of any process leaves it a few places.
    package func openConsole() async {
        guard !isClosed, !presenceSchedule.hasConsole else { return }
        presenceSchedule.hasConsole = true
        await store.openConsole(for: PresenceSchedule.lease)
        // The session was closed meanwhile.
        if isClosed { return await store.closeConsole() }
        // Nothing has to be renewed that this process alone knows, and a clock that jumps must have nothing to jump to.
        guard store.isShared else { return }
        presenceSchedule.console = Task(executorPreference: executor) { [weak self, store, clock] in
            while true {
                do { try await clock.sleep(for: PresenceSchedule.renewal) } catch { return }
                guard self != nil, !Task.isCancelled else { return }
                await store.openConsole(for: PresenceSchedule.lease)
            }
        }
        await announcePresence()
    }

    /// Tells the others that this process ends, if it has told them anything.
    func withdrawPresence() async {
        if presenceSchedule.hasConsole {
            presenceSchedule.console?.cancel()
            // One that is being renewed right now would outlast this word.
            await presenceSchedule.console?.value
            presenceSchedule.console = nil
            await store.closeConsole()
        }
        presenceSchedule.later?.cancel()
        presenceSchedule.later = nil
        if presenceSchedule.told != nil { await store.announce(nil) }
    }

    private var presence: ProcessPresence {
        var presence = ProcessPresence(
            program: presenceSchedule.program, pid: getpid(), waiting: waiting, inFlight: inFlight)
        presence.process = .current
        return presence
    }
}
