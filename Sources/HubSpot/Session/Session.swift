import HTTPTypes
import JSON
import Logging

/// One authenticated session with HubSpot: everything that is sent goes through it.
public final class Session: Sendable {
    public let configuration: SessionConfiguration
    /// The paths of the configured generation.
    public let paths: Paths

    private let limiter: Limiter
    private let transport: Transport
    private let token: SessionToken
    private let hosts: Hosts
    private let account: Shared<AccountDetails>
    private let grantedScopes: Shared<[String]>
    private let attempts: Attempts
    /// Nil where every call is a request of its own.
    let batcher: Batcher?
    let order = WriteOrder()
    private let journal: CallJournal
    /// Definitions of properties, pipelines, owners and forms.
    let schemas = SchemaCache()
    /// Warnings that are worth one line, however often their reason comes up.
    let warnings: OnceLog

    /// Opens nothing: connections, credential and limiter are made on first use.
    public init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
        paths = Paths(configuration.apiVersion)
        let transport = Transport(configuration)
        let warnings = OnceLog(configuration.logger)
        let token = SessionToken(on: configuration.executor) { () async throws(HubSpotError) in
            guard let credential = configuration.credential else {
                throw HubSpotError(
                    .unauthenticated, "no credential", separator: ": ", .configureCredential, configuration.wording)
            }
            let token = try await credential.token()
            if let hint = token.hint { warnings.warn("token", hint) }
            return token
        }
        let hosts = Hosts(configuration)
        let limiter = configuration.makeLimiter(token: token.first)
        self.warnings = warnings
        let journal = CallJournal(configuration.logger)
        self.journal = journal
        let attempts = Attempts(
            limiter: limiter, transport: transport, policy: RetryPolicy(), token: token, hosts: hosts,
            configuration: configuration, journal: journal)
        self.limiter = limiter
        self.transport = transport
        self.token = token
        self.hosts = hosts
        self.attempts = attempts
        batcher = configuration.isBatching ? Batcher(attempts) : nil
        let path = paths.account("details")
        account = Shared(on: configuration.executor) { () async throws(HubSpotError) in
            let request = APIRequest(.get, path)
            let response = try await attempts.perform(request, RequestRules(request)).get()
            let details = try AccountDetails(response, request: request, wording: configuration.wording)
            let left = details.dayEnds(after: configuration.clock.unixTime)
            await limiter.learn(accountID: details.portalID, dayEndsAt: left.map { configuration.clock.now + $0 })
            return details
        }
        let tokenInfo = paths.tokenInfo
        grantedScopes = Shared(on: configuration.executor) { () async throws(HubSpotError) in
            let request = APIRequest(.post, tokenInfo, body: try await token.value().inspection.bytes)
            let response = try await attempts.perform(request, RequestRules(request)).get()
            let answer = try JSONSlice(answer: response.body, to: request)
            return answer.field("scopes")?.elements()?.compactMap(\.string) ?? []
        }
    }

    /// Sends a request and waits for its answer: limiter, then the wire, again where the retry policy says so.
    ///
    /// - Throws: ``HubSpotError`` for anything but an answer with a status of 200 to 299.
    public func send(_ request: APIRequest) async throws(HubSpotError) -> APIResponse {
        let rules = try admit(request)
        defer { schemas.forget(after: request, rules) }
        if request.host == .forms { _ = try await formsURL() }
        let response = try await attempts.perform(request, rules).get()
        if response.body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            throw HubSpotError(
                .badResponse,
                "the server answered with an HTML page where HubSpot sends JSON; check the base URL, and whether a proxy or a login page stands between",
                status: response.status, request: request.summary, fateIsUnknown: rules.isWrite)
        }
        return response
    }

    /// Like ``send(_:)``, but an answer is returned whatever its status. Still throws where there is none, and where
    /// the session refuses to send (`read_only`, `not_allowed`, `daily_limit`, `invalid_argument`).
    public func exchange(_ request: APIRequest) async throws(HubSpotError) -> APIResponse {
        let rules = try admit(request)
        defer { schemas.forget(after: request, rules) }
        if request.host == .forms { _ = try await formsURL() }
        return try await attempts.perform(request, rules).response
    }

    /// Whether what would be written is shown or counted instead.
    var isRehearsal: Bool { configuration.isDryRun || WritePlan.current != nil }

    /// True for a call that would write while the session is a dry run, or as part of a ``WritePlan``: show it and return what was given.
    public func isDry(_ request: APIRequest) -> Bool {
        guard configuration.isDryRun || WritePlan.current != nil, let rules = try? RequestRules(request) else {
            return false
        }
        return rules.isWrite
    }

    /// False where a write to records of that type is refused or shown instead of being sent.
    func sendsWrites(to type: ObjectType) -> Bool {
        !configuration.isDryRun && !configuration.isReadOnly && WritePlan.current == nil
            && configuration.permissions.allows(Permission(ObjectType.canonical(type.name), .write))
    }

    /// Hands the request to the configuration's ``SessionConfiguration/onDryRun``, or counts it for the plan.
    ///
    /// - Throws: ``HubSpotError`` of kind `read_only`, `not_allowed` or `invalid_argument`, as sending would.
    public func showDry(_ request: APIRequest) throws(HubSpotError) {
        let rules = try RequestRules(request)
        try check(request, rules)
        if let plan = WritePlan.current { plan.count(request, rules) } else { configuration.onDryRun(request) }
    }

    /// What is left of the quota.
    public func limits() async throws(HubSpotError) -> LimitsState {
        try await LimitsState(
            of: limiter, source: configuration.quota == nil ? .default : configuration.quotaSource,
            clock: configuration.clock)
    }

    /// Says that a person sits in front of a console, until the session is closed: bulk work, of this process and of all
    /// that share the quota's store, leaves a few places of the burst window to what is typed there
    /// (``CallPriority/typed``). ``LimitsState/console`` tells what that costs.
    public func openConsole() async { await limiter.openConsole() }

    /// The last calls, oldest first, and why each of them waited: at most 200.
    public func recentCalls(_ count: Int = 50) -> [CallNote] { journal.recent(count) }

    /// Waits for the earlier writes to the same record, and notes how long that took.
    func turn(_ key: WriteOrder.Key) async throws(HubSpotError) -> WriteTurn { try await turn([key]) }

    /// As ``turn(_:)`` for all records that a batch writes to.
    func turn(_ keys: [WriteOrder.Key]) async throws(HubSpotError) -> WriteTurn {
        let since = configuration.clock.now
        let turn = try await order.enter(keys)
        CallContext.current?.add(.earlierWrite, from: since, to: configuration.clock.now)
        return turn
    }

    func limiterSnapshot() async throws(HubSpotError) -> LimiterSnapshot {
        try await HubSpotError.ofQuota { () async throws(QuotaError) in try await limiter.snapshot() }
    }

    /// How long an answer takes; nil before the first.
    var usualAnswer: Duration? { journal.usualAnswer }

    /// The processes that share the quota's store and told of themselves lately; none where it is not shared.
    public func processes() async throws(HubSpotError) -> [LimiterMember] {
        try await HubSpotError.ofQuota { () async throws(QuotaError) in try await limiter.members() }
    }

    /// How many requests were answered so far.
    public var answeredRequests: Int { journal.answers }

    /// What is waited for at the moment; nil where nothing is.
    public func currentWait() async -> CurrentWait? {
        guard var wait = await limiter.currentWait() else { return nil }
        wait.queued += max(0, (batcher?.waitingCalls ?? 0) - 1)
        return wait
    }

    /// Returns once `count` permits of the burst window are free. Reserves none.
    public func waitForBurst(_ count: Int = 1) async throws(HubSpotError) {
        try await HubSpotError.ofQuota { () async throws(QuotaError) in try await limiter.waitForPrimary(count) }
    }

    /// The portal's id where it is known without asking.
    public var knownPortalID: Int64? { configuration.portalID ?? account.known?.portalID }

    /// The portal's id: the configuration's, or asked of HubSpot once.
    public func portalID() async throws(HubSpotError) -> Int64 {
        if let known = configuration.portalID { return known }
        return try await account.value().portalID
    }

    /// What the account says of itself as far as it was asked.
    public var knownAccount: AccountDetails? { account.known }

    /// What the account says of itself, asked of HubSpot once.
    /// - Throws: kind `notAllowed` where the session may not read the account.
    public func accountDetails() async throws(HubSpotError) -> AccountDetails {
        let request = APIRequest(.get, paths.account("details"))
        try check(request, RequestRules(request))
        return try await account.value()
    }

    /// What the token may do as far as it was asked.
    public var knownScopes: [String]? { grantedScopes.known }

    /// What the token may do, asked of HubSpot once.
    /// - Throws: kind `notAllowed` where the session may not read the account.
    public func scopes() async throws(HubSpotError) -> [String] {
        let request = APIRequest(.post, paths.tokenInfo)
        try check(request, RequestRules(request))
        return try await grantedScopes.value()
    }

    /// HubSpot's answer about the token: `{ userId, hubId, appId, scopes }`.
    func tokenInfo() async throws(HubSpotError) -> JSONSlice {
        try await object(.post, paths.tokenInfo, body: token.value().inspection)
    }

    /// HubSpot's API as it is talked to: the base URL, or the account's region's.
    public var apiURL: BaseURL { hosts.api }

    /// Where forms are submitted: as configured, else at the host of the account's region, which the token or the account's
    /// details name.
    /// - Throws: kind `cancelled` alone: where nothing tells the region, HubSpot's first is taken.
    func formsURL() async throws(HubSpotError) -> BaseURL {
        if let known = hosts.forms { return known }
        if let region = account.known?.region { return hosts.chooseForms(region) }
        do throws(HubSpotError) {
            if let region = try await token.value().region { return hosts.chooseForms(region) }
            return hosts.chooseForms(try await account.value().region)
        } catch {
            switch error.kind {
            case .cancelled: throw error
            // Without a credential, or the scope to read the account, no later call learns more.
            case .unauthenticated, .forbidden: return hosts.chooseForms(nil)
            default: return .forms
            }
        }
    }

    /// The day that it is in the account's time zone, or one so many days on, as midnight in UTC. The time zone is asked
    /// of HubSpot once.
    /// - Throws: kind `invalidArgument` for a day before the year 0 or after 9999.
    public func today(adding days: Int64 = 0) async throws(HubSpotError) -> CalendarTime {
        guard let today = try await account.value().day(at: configuration.clock.unixTime) else {
            throw HubSpotError(.badResponse, "the account's details name no time zone that is known here")
        }
        guard let day = today.adding(days: days) else {
            throw .invalidArgument("a day between the years 0 and 9999 expected, got \(days) days from today")
        }
        return day
    }

    /// Runs `body`, which begins calls: those of one kind travel together as far as they fit.
    public func together(_ body: () -> Void) {
        guard let batcher else { return body() }
        batcher.together(body)
    }

    /// Cancels what is in flight and closes the connections.
    public func close() async {
        batcher?.close()
        await limiter.close()
        account.cancel()
        grantedScopes.cancel()
        schemas.cancel()
        token.cancel()
        await transport.close()
    }

    // MARK: What may be sent

    private func admit(_ request: APIRequest) throws(HubSpotError) -> RequestRules {
        let rules = try RequestRules(request)
        try check(request, rules)
        if configuration.isDryRun || WritePlan.current != nil, rules.isWrite {
            if WritePlan.current == nil { configuration.onDryRun(request) }
            throw HubSpotError(.notAllowed, "a dry run sends nothing that writes", request: request.summary)
        }
        return rules
    }

    private func check(_ request: APIRequest, _ rules: RequestRules) throws(HubSpotError) {
        // A plan writes nothing, so that it can be made in a read-only session too.
        if configuration.isReadOnly, rules.isWrite, WritePlan.current == nil {
            throw HubSpotError(
                .readOnly, "this session is read-only, and \(request.summary) would write", request: request.summary)
        }
        guard configuration.permissions.allows(rules.permission) else {
            throw HubSpotError(
                .notAllowed,
                "\(request.summary) needs the permission \(rules.permission); this session has \(configuration.permissions)",
                .widenPermissions(rules.permission), configuration.wording, request: request.summary)
        }
        for field in request.headers where Session.refusedHeaders.contains(field.name.canonicalName) {
            throw HubSpotError(
                .invalidArgument, "the header \(field.name.rawName) is the session's own and cannot be given",
                request: request.summary)
        }
        guard request.target.utf8.count <= Transport.maximumTargetBytes else {
            throw HubSpotError(
                .invalidArgument,
                "the URL would be \(request.target.utf8.count) bytes long, HubSpot takes \(Transport.maximumTargetBytes) at most; ask for fewer properties, or use batch.read or search",
                request: request.summary)
        }
    }

    /// Those that the transport sets, and those by which a request could pass for another one.
    private static let refusedHeaders: Set<String> = [
        "authorization", "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "expect", "accept-encoding", "proxy-authorization", "proxy-connection", "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ]
}
