public import HubSpot
import LuaRuntime
import Synchronization
import Waiting
import Quota

/// The facts about a session that are known before it is opened: `hubspot.session`.
public struct SessionDescription: Sendable, Equatable {
    public var profile: String?
    public var portalID: Int64?
    /// How the session authenticates: `token`, `oauth`, `api_key`; nil without a credential.
    public var auth: String?
    /// Nil until known: the simulator chooses its port when the first call starts it.
    public var baseURL: String?
    public var apiVersion: String
    public var isSimulator: Bool
    public var isReadOnly: Bool
    /// Whether nothing that is written is sent: it is shown, or planned.
    public var isDryRun: Bool
    /// The account's and the token's own details: nil until they were asked for.
    public internal(set) var accountType: String?
    public internal(set) var region: String?
    public internal(set) var scopes: [String]?

    public init(
        profile: String? = nil, portalID: Int64? = nil, auth: String? = nil,
        baseURL: String? = "https://api.hubapi.com",
        apiVersion: String = "2026-09", isSimulator: Bool = false, isReadOnly: Bool = false, isDryRun: Bool = false
    ) {
        self.profile = profile
        self.portalID = portalID
        self.auth = auth
        self.baseURL = baseURL
        self.apiVersion = apiVersion
        self.isSimulator = isSimulator
        self.isReadOnly = isReadOnly
        self.isDryRun = isDryRun
    }
}

/// Opens the session when a script first needs it: plain Lua starts at once and needs no credential.
public final class SessionSource: Sendable {
    private typealias Outcome = Result<Session, HubSpotError>

    /// A call that waits until the session is open.
    private struct WaitingCall {
        let progress: CallProgress?
        let begin: @Sendable (Outcome) -> Void
    }

    private enum State {
        case idle
        /// With the calls that wait, in the order in which scripts made them. `isDecided`: it is open, or has failed, and they
        /// are being told.
        case opening(Task<Outcome, Never>, [WaitingCall], isDecided: Bool = false)
        case open(Session)
        case closed
    }

    /// The profile that `hubspot.connect` has named for it; nil for the session that the program starts with.
    public let connection: String?
    /// What counts and keeps all writes of the program's scripts; nil where they are meant.
    private let plan: WritePlan?
    private let open: @Sendable () async throws(HubSpotError) -> Session
    private let executor: (any TaskExecutor)?
    private let state = Mutex(State.idle)
    private let known: Mutex<SessionDescription>

    /// - Parameters:
    ///   - executor: Where the session is opened and the calls go on that wait for it; nil for Swift's own pool.
    ///   - open: called once; again only after it has failed.
    public convenience init(
        description: SessionDescription, connection: String? = nil, executor: (any TaskExecutor)? = nil,
        open: @escaping @Sendable () async throws(HubSpotError) -> Session
    ) {
        self.init(description: description, connection: connection, executor: executor, plan: nil, open: open)
    }

    /// - Parameter plan: Counts and keeps all that scripts write.
    package init(
        description: SessionDescription, connection: String?, executor: (any TaskExecutor)?, plan: WritePlan?,
        open: @escaping @Sendable () async throws(HubSpotError) -> Session
    ) {
        self.plan = plan
        self.connection = connection
        self.executor = executor
        self.open = open
        known = Mutex(description)
    }

    /// The facts known by now: the portal's id is filled in once HubSpot has told it, the simulator's address once it
    /// runs.
    public var description: SessionDescription {
        var description = known.withLock { $0 }
        if let session = state.withLock({ if case .open(let session) = $0 { session } else { nil } }) {
            description.baseURL = session.apiURL.description
            description.portalID = description.portalID ?? session.knownPortalID
            description.accountType = session.knownAccount?.accountType
            description.region = session.knownAccount?.region?.description
            description.scopes = session.knownScopes
        }
        return description
    }

    /// The session where it is open already.
    public var openSession: Session? {
        state.withLock { if case .open(let session) = $0 { session } else { nil } }
    }

    /// The session, opened if it is not yet.
    public func session() async throws(HubSpotError) -> Session {
        if let session = state.withLock({ if case .open(let session) = $0 { session } else { nil } }) { return session }
        let end = OneShot<Outcome>()
        whenOpen { end.finish($0) }
        return try await end.wait(orWhenCancelled: { .failure(.cancelled) }).get()
    }

    /// Calls `begin` with the session, or with why there is none: at once, or when it is open, one call after another.
    private func whenOpen(_ progress: CallProgress? = nil, _ begin: @escaping @Sendable (Outcome) -> Void) {
        let call = WaitingCall(progress: progress, begin: begin)
        let outcome = state.withLock { state -> Outcome? in
            switch state {
            case .open(let session): return .success(session)
            case .closed: return .failure(HubSpotError(.cancelled, "the session is closed"))
            case .opening(let task, let waiting, let isDecided):
                // One that comes while the others are told is about to go on like them.
                if isDecided { progress?.goesOn() }
                state = .opening(task, waiting + [call], isDecided: isDecided)
            case .idle:
                let task = Task(executorPreference: executor) { [self] () -> Outcome in
                    let outcome: Outcome
                    do throws(HubSpotError) { outcome = .success(try await open()) } catch { outcome = .failure(error) }
                    beginWaiting(outcome)
                    return outcome
                }
                state = .opening(task, [call])
            }
            return nil
        }
        if let outcome { begin(outcome) }
    }

    /// Lets the calls go on in their order; those that come meanwhile stand behind them.
    private func beginWaiting(_ outcome: Outcome) {
        while true {
            let waiting = state.withLock { state -> [WaitingCall] in
                guard case .opening(let task, let waiting, _) = state else { return [] }
                if !waiting.isEmpty {
                    state = .opening(task, [], isDecided: true)
                } else if case .success(let session) = outcome {
                    state = .open(session)
                } else {
                    state = .idle
                }
                return waiting
            }
            if waiting.isEmpty { return }
            // All are known to go on before the first of them begins: so they travel together.
            for call in waiting { call.progress?.goesOn() }
            for call in waiting { call.begin(outcome) }
        }
    }

    /// Closes the session if it was opened. No call is answered afterwards.
    public func close() async {
        let before = state.withLock { state in
            defer { state = .closed }
            return state
        }
        switch before {
        case .open(let session): await session.close()
        case .opening(let task, let waiting, _):
            for call in waiting { call.begin(.failure(HubSpotError(.cancelled, "the session is closed"))) }
            if case .success(let session) = await task.value { await session.close() }
        case .idle, .closed: break
        }
    }

    /// Keeps the portal's id for `hubspot.session.portalId`.
    func learn(portalID: Int64) {
        known.withLock { $0.portalID = $0.portalID ?? portalID }
    }

    /// Runs `body` with the session; a typed call goes before bulk work.
    ///
    /// Calls begin in the order in which they are made, each up to where it first waits.
    func use<Value: Sendable>(
        for call: LuaCall, _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let binding = CallBinding(call, plan)
        if let session = state.withLock({ if case .open(let session) = $0 { session } else { nil } }) {
            return try await binding.perform { try await body(session) }
        }
        let work = LateTask()
        let end = OneShot<Result<Value, any Error>>()
        whenOpen(call.progress) { outcome in
            work.begin(on: self.executor) {
                do {
                    let session = try outcome.get()
                    end.finish(.success(try await binding.perform { try await body(session) }))
                } catch {
                    end.finish(.failure(error))
                }
            }
        }
        // A call that is cancelled ends with what its own work makes of that.
        return try await withTaskCancellationHandler {
            try await end.wait().get()
        } onCancel: {
            work.cancel()
        }
    }
}

/// A script's call as the HubSpot target knows it: its priority, its name, and the plan that counts it.
private struct CallBinding: Sendable {
    private let priority: CallPriority
    private let context: CallContext
    private let plan: WritePlan?
    private let item: (any CheckpointItem)?
    private let isConfirmed: Bool

    /// - Parameter plan: The program's own; a script's plan stands before it.
    init(_ call: LuaCall, _ plan: WritePlan?) {
        isConfirmed = call.option("confirm").asBoolean ?? false
        priority = call.isTyped ? .typed : .bulk
        context = CallContext(call.function, activity: call.progress)
        item = (call.scope as? ItemScope)?.item
        self.plan = call.scope?.writePlan ?? plan
    }

    func perform<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await CallPriority.$current.withValue(priority) {
            try await CallContext.$current.withValue(context) {
                guard plan != nil || isConfirmed || item != nil else { return try await body() }
                return try await WritePlan.$current.withValue(plan) {
                    try await WriteItems.$current.withValue(item) {
                        try await WriteConfirmation.$isGiven.withValue(isConfirmed) { try await body() }
                    }
                }
            }
        }
    }
}

/// A task that begins later than it may be cancelled.
private final class LateTask: Sendable {
    private let state = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))

    /// Runs `body` up to where it first waits.
    func begin(on executor: (any TaskExecutor)?, _ body: @escaping @Sendable () async -> Void) {
        let task = Task.immediateDetached(executorPreference: executor) { await body() }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}

extension CallProgress: CallActivity {}
