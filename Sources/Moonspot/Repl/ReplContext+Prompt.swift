import Bindings
import HubSpot
import Quota
import Synchronization
import Waiting

extension ReplContext {
    /// How long the prompt waits for the quota's store.
    private static let patience: Duration = .milliseconds(20)
    /// How long for the server to say what it is.
    private static let patienceWithServers: Duration = .milliseconds(250)

    func prompt() async -> Prompt {
        let workspace = console.workspace
        let isSimulator = await isSimulator()
        let description = source.description
        var prompt = Prompt(name: profile, portalID: description.portalID, isSimulator: isSimulator)
        prompt.writing = description.isReadOnly ? .refused : workspace.options.dryRun ? .rehearsed : .sent
        let mayWrite = source.openSession?.configuration.permissions.allowsWriting ?? workspace.mayWrite
        prompt.isRisky = prompt.writing == .sent && mayWrite && !isSimulator
        if let session = source.openSession {
            let burst = await Self.value(within: Self.patience) { try? await session.limits().burst }
            prompt.window = burst.flatMap { Prompt.Window(used: $0.used, limit: $0.limit) }
        }
        return prompt
    }

    /// Whether writes reach moonspot's own simulator, in the process or served: before those nobody is asked. False as long as
    /// that is not known.
    private func isSimulator() async -> Bool {
        let description = source.description
        if description.isSimulator { return true }
        let base = description.baseURL.flatMap { try? BaseURL($0) }
        guard base?.isHubSpots == false, let session = await sessionUnasked() else { return false }
        let asking = identities.withLock { identities in
            let id = ObjectIdentifier(session)
            if let known = identities[id] { return known }
            let asking = Task(executorPreference: console.workspace.fastClock?.time) { await session.isSimulator() }
            identities[id] = asking
            return asking
        }
        return await Self.value(within: Self.patienceWithServers) { await asking.value } ?? false
    }

    /// What `body` answers, or nil where that takes too long; it goes on then.
    static func value<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable () async -> Value?
    ) async -> Value? {
        let answer = OneShot<Value?>()
        let asking = Task { answer.finish(await body()) }
        let waiting = Task {
            try? await Task.sleep(for: limit, clock: .continuous)
            answer.finish(nil)
        }
        defer {
            waiting.cancel()
            if answer.value == nil { asking.cancel() }
        }
        return await answer.wait()
    }
}
