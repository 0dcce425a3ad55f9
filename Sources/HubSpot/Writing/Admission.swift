import HTTPTypes
import JSON

/// The last questions before something is sent that takes something away: whether it is confirmed, and whether the run may
/// delete so much.
extension WritePipeline {
    /// - Throws: kind `not_confirmed` or `not_allowed`.
    func admit(_ write: Operation) async throws(HubSpotError) {
        guard session.hasAdmission, let effect = WriteEffect([write], paths) else { return }
        try await session.confirm(effect)
        if effect.isDeletion { try session.deletions?.take(effect, wording: session.configuration.wording) }
    }

    /// - Returns: Those of a list that may be sent, and why the others may not.
    /// - Throws: kind `not_confirmed` for all.
    func admit(
        _ writes: [Operation], by form: ElementForm? = nil
    ) async throws(HubSpotError) -> (sound: [Operation], failures: Verdicts) {
        guard session.hasAdmission, !writes.isEmpty,
            let effect = form.map({ WriteEffect(APIRequest(.post, $0.path), records: writes.count) })
                ?? WriteEffect(writes, paths)
        else { return (writes, [:]) }
        try await session.confirm(effect)
        guard effect.isDeletion, let deletions = session.deletions else { return (writes, [:]) }
        let count = deletions.take(atMost: writes.count)
        var rest = effect
        rest.records = writes.count - count
        let refusal = deletions.refusal(rest, session.configuration.wording)
        let failures = writes[count...].map { write in
            (write.index, Result<JSONSlice, HubSpotError>.failure(refusal))
        }
        return (Array(writes[..<count]), Dictionary(uniqueKeysWithValues: failures))
    }
}

extension Session {
    func confirm(_ effect: WriteEffect) async throws(HubSpotError) {
        guard let confirmations, confirmations.isAtWork, !WriteConfirmation.isGiven else { return }
        if await isSimulator() { return }
        try await confirmations.pass(effect)
    }

    /// Whether it talks to moonspot's own simulator, in this process or served. Asked once, of a server that is not
    /// HubSpot's own: the simulator tells its port, so that something that merely passes requests on to one is told apart.
    package func isSimulator() async -> Bool { await simulator() != nil }

    /// Nil for any other server.
    func simulator() async -> SimulatorIdentity? {
        if configuration.isSimulator { return SimulatorIdentity(searchLag: .zero) }
        let url = configuration.baseURL
        if url.isHubSpots { return nil }
        // A server that does not answer is none.
        return (try? await simulatorCheck.value()) ?? nil
    }
}

/// What moonspot's own simulator tells of itself.
struct SimulatorIdentity: Sendable {
    /// After how long its search shows what was written.
    var searchLag: Duration
}
