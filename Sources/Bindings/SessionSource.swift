public import HubSpot
import LuaRuntime
import Synchronization

/// What is known of a session before it is opened: `hubspot.session`.
public struct SessionDescription: Sendable, Equatable {
    public var profile: String?
    public var portalID: Int64?
    /// How the session authenticates: `token`, `oauth`, `api_key`; nil without a credential.
    public var auth: String?
    public var baseURL: String
    public var apiVersion: String
    public var isSimulator: Bool
    public var isReadOnly: Bool

    public init(
        profile: String? = nil, portalID: Int64? = nil, auth: String? = nil, baseURL: String = "https://api.hubapi.com",
        apiVersion: String = "2026-09", isSimulator: Bool = false, isReadOnly: Bool = false
    ) {
        self.profile = profile
        self.portalID = portalID
        self.auth = auth
        self.baseURL = baseURL
        self.apiVersion = apiVersion
        self.isSimulator = isSimulator
        self.isReadOnly = isReadOnly
    }
}

/// Opens the session when a script first needs it: plain Lua starts at once and needs no credential.
public final class SessionSource: Sendable {
    private enum State {
        case idle
        case opening(Task<Result<Session, HubSpotError>, Never>)
        case closed
    }

    private let open: @Sendable () async throws(HubSpotError) -> Session
    private let state = Mutex(State.idle)
    private let known: Mutex<SessionDescription>

    /// - Parameter open: called once; again only after it has failed.
    public init(
        description: SessionDescription, open: @escaping @Sendable () async throws(HubSpotError) -> Session
    ) {
        self.open = open
        known = Mutex(description)
    }

    /// What is known by now: the portal's id is filled in once HubSpot has told it.
    public var description: SessionDescription { known.withLock { $0 } }

    /// The session, opened if it is not yet.
    public func session() async throws(HubSpotError) -> Session {
        let opening = state.withLock { state -> Task<Result<Session, HubSpotError>, Never>? in
            switch state {
            case .opening(let task): return task
            case .closed: return nil
            case .idle:
                let task = Task { [open] () -> Result<Session, HubSpotError> in
                    do throws(HubSpotError) { return .success(try await open()) } catch { return .failure(error) }
                }
                state = .opening(task)
                return task
            }
        }
        guard let opening else { throw HubSpotError(.cancelled, "the session is closed") }
        switch await opening.value {
        case .success(let session): return session
        case .failure(let error):
            state.withLock { if case .opening(let task) = $0, task == opening { $0 = .idle } }
            throw error
        }
    }

    /// Closes the session if it was opened. No call is answered afterwards.
    public func close() async {
        let opening = state.withLock { state -> Task<Result<Session, HubSpotError>, Never>? in
            defer { state = .closed }
            if case .opening(let task) = state { return task }
            return nil
        }
        if case .success(let session)? = await opening?.value { await session.close() }
    }

    /// Keeps the portal's id for `hubspot.session.portalId`.
    func learn(portalID: Int64) {
        known.withLock { $0.portalID = $0.portalID ?? portalID }
    }

    /// Runs `body` with the session; what a person typed goes before bulk work.
    func use<Value: Sendable>(
        for call: LuaCall, _ body: @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let session = try await session()
        return try await CallPriority.$current.withValue(call.isTyped ? .typed : .bulk) { try await body(session) }
    }
}
