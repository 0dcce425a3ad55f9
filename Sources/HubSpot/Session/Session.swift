import HTTPTypes
import JSON
import Logging
package import Quota

/// One authenticated session with HubSpot: everything that is sent goes through it.
public final class Session: Sendable {
    package let configuration: SessionConfiguration
    /// The paths of the configured generation.
    package let paths: Paths

    private let limiter: Limiter
    private let transport: Transport
    private let token: SessionToken
    private let hosts: Hosts
    private let account: FetchOnce<AccountDetails>
    private let grantedScopes: FetchOnce<[String]?>
    private let requests: RequestPipeline
    /// Nil where every call is a request of its own.
    let coalescer: Coalescer?
    let order = WriteOrder()
    private let journal: CallJournal
    /// Nil where no question comes before a write.
    let confirmations: Confirmations?
    /// Nil where deletions are not counted.
    let deletions: DeletionBudget?
    /// Whether the server says that it is moonspot's simulator.
    let simulatorCheck: FetchOnce<SimulatorIdentity?>
    let exchanges: ExchangeLog
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
        let token = SessionToken(
            on: configuration.executor, clock: configuration.clock,
            onFailedRenewal: { [logger = configuration.logger] error in
                guard error.kind != .cancelled else { return }
                logger.warning("the access token could not be renewed yet, and the old one is used meanwhile: \(error)")
            }
        ) { (old) async throws(HubSpotError) in
            guard let credential = configuration.credential else {
                throw HubSpotError(
                    .unauthenticated, "no credential", separator: ": ", .configureCredential, configuration.wording)
            }
            let issued = try await credential.credential(replacing: old)
            if let hint = issued.secret.hint { warnings.warn("token", hint) }
            return issued
        }
        let hosts = Hosts(configuration)
        let limiter = configuration.makeLimiter(token: token.first)
        self.warnings = warnings
        let journal = CallJournal(configuration.logger)
        self.journal = journal
        let exchanges = ExchangeLog()
        self.exchanges = exchanges
        let requests = RequestPipeline(
            limiter: limiter, transport: transport, policy: RetryPolicy(), token: token, hosts: hosts,
            configuration: configuration, journal: journal, exchanges: exchanges)
        self.limiter = limiter
        self.transport = transport
        self.token = token
        self.hosts = hosts
        self.requests = requests
        coalescer = configuration.isBatching ? Coalescer(requests) : nil
        let path = paths.account("details")
        let account = FetchOnce<AccountDetails>(on: configuration.executor) { () async throws(HubSpotError) in
            let request = APIRequest(.get, path)
            let response = try await requests.perform(request, RequestRules(request)).get()
            let details = try AccountDetails(response, request: request, wording: configuration.wording)
            let left = details.dayEnds(after: configuration.clock.unixTime)
            await limiter.learn(accountID: details.portalID, dayEndsAt: left.map { configuration.clock.now + $0 })
            return details
        }
        self.account = account
        simulatorCheck = FetchOnce(on: configuration.executor) { () async throws(HubSpotError) -> SimulatorIdentity? in
            let url = configuration.baseURL
            let request = APIRequest(.get, "/_simulator/identity", isAuthenticated: false)
            let answer = JSONSlice(try await transport.send(request, to: url, credential: nil).body)
            let port = answer.field("url")?.string?.split(separator: ":").last
            guard answer.field("simulator")?.string == "moonspot", port == "\(url.port)" else { return nil }
            return SimulatorIdentity(searchLag: .milliseconds(answer.field("search_lag_ms")?.integer ?? 0))
        }
        confirmations = configuration.confirmation.map { confirmation in
            Confirmations(
                confirmation, wording: configuration.wording,
                gather: { await configuration.waitUntilCallersIdle?() },
                server: configuration.baseURL.description,
                portalID: {
                    if let known = configuration.portalID { return known }
                    return try? await account.value().portalID
                })
        }
        deletions = configuration.deletions ?? configuration.maximumDeletions.map { DeletionBudget($0) }
        let tokenInfo = paths.tokenInfo
        grantedScopes = FetchOnce(on: configuration.executor) { () async throws(HubSpotError) -> [String]? in
            let credential = try await token.value()
            if let scopes = credential.scopes { return scopes }
            // HubSpot's inspection takes tokens; another server's secret goes where it belongs, and nowhere else.
            guard credential.placement == .bearer else { return nil }
            let request = APIRequest(.post, tokenInfo, body: credential.secret.inspection.bytes)
            let response = try await requests.perform(request, RequestRules(request)).get()
            let answer = try JSONSlice(answer: response.body, to: request)
            return answer.field("scopes")?.elements()?.compactMap(\.string) ?? []
        }
    }

    /// Sends a request and waits for its answer: limiter, then the wire, again where the retry policy says so.
    ///
    /// - Throws: ``HubSpotError`` for anything but an answer with a status of 200 to 299, and for a write in a dry run.
    public func send(_ request: APIRequest) async throws(HubSpotError) -> APIResponse {
        guard let response = try await self.request(request) else {
            throw HubSpotError(.notAllowed, "a dry run sends nothing that writes", request: request.summary)
        }
        return response
    }

    /// Sends a request, unless it would write while the session is a dry run, or as part of a ``WritePlan``.
    ///
    /// - Parameter raises: False: an answer is returned whatever its status. Where there is none, and where the session
    ///   refuses to send (`read_only`, `not_allowed`, `daily_limit`, `invalid_argument`), that is still thrown.
    /// - Returns: Nil where the request was shown or counted instead.
    public func request(_ request: APIRequest, raises: Bool = true) async throws(HubSpotError) -> APIResponse? {
        try await WritePipeline(session: self).request(request, raises: raises)
    }

    /// The same, with the id by which a plan knows what the request would make.
    package func requestOrPlan(
        _ request: APIRequest, raises: Bool
    ) async throws(HubSpotError) -> (response: APIResponse?, plannedID: String?) {
        let write = Operation.spelledOut(request)
        let response = try await WritePipeline(session: self).request(write, request, raises: raises)
        return (response, write.entry?.plannedID)
    }

    /// Sends a request that is decided to be sent.
    func transmit(_ request: APIRequest, _ rules: RequestRules, raises: Bool) async throws(HubSpotError) -> APIResponse
    {
        defer { schemas.forget(after: request, rules) }
        if request.host == .forms { _ = try await formsURL() }
        let outcome = try await requests.perform(request, rules)
        guard raises else { return outcome.response }
        let response = try outcome.get()
        if response.body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            throw HubSpotError(
                .badResponse,
                "the server answered with an HTML page where HubSpot sends JSON; check the base URL, and whether a proxy or a login page stands between",
                status: response.status, request: request.summary, fateIsUnknown: rules.isWrite)
        }
        return response
    }

    /// Whether writes are held up by more than their order.
    var hasAdmission: Bool { deletions != nil || confirmations?.isAtWork == true }

    /// What is left of the quota.
    package func limits() async throws(HubSpotError) -> LimitsState {
        try await LimitsState(
            of: limiter, source: configuration.quota == nil ? .default : configuration.quotaSource,
            clock: configuration.clock, wording: configuration.wording)
    }

    /// Says that a person sits in front of a console, until the session is closed: bulk work, of this process and of all
    /// that share the quota's store, leaves a few places of the burst window to the calls that are typed there
    /// (``CallPriority/typed``). ``LimitsState/console`` tells what that costs.
    package func openConsole() async {
        exchanges.begin()
        await limiter.openConsole()
    }

    /// The last calls, oldest first, and why each of them waited: at most 200.
    package func recentCalls(_ count: Int = 50) -> [CallNote] { journal.recent(count) }

    /// Waits for the earlier writes to any of the records, and notes how long that took.
    func turn(_ keys: [WriteOrder.Key]) async throws(HubSpotError) -> WriteTurn {
        let since = configuration.clock.now
        let turn = try await order.enter(keys)
        CallContext.current?.add(.earlierWrite, from: since, to: configuration.clock.now)
        return turn
    }

    func limiterSnapshot() async throws(HubSpotError) -> QuotaSnapshot {
        try await HubSpotError.ofQuota(configuration.wording) { () async throws(QuotaError) in
            try await limiter.snapshot()
        }
    }

    /// How long an answer takes; nil before the first.
    var usualAnswer: Duration? { journal.usualAnswer }

    /// The processes that share the quota's store and told of themselves lately; none where it is not shared.
    package func processes() async throws(HubSpotError) -> [SharingProcess] {
        try await HubSpotError.ofQuota(configuration.wording) { () async throws(QuotaError) in
            try await limiter.members()
        }
    }

    /// How many requests were answered so far.
    package var answeredRequests: Int { journal.answers }

    /// The wait of the moment; nil where there is none.
    package func currentWait() async -> CurrentWait? {
        guard var wait = await limiter.currentWait() else { return nil }
        wait.queued += max(0, (coalescer?.waitingCalls ?? 0) - 1)
        return wait
    }

    /// Returns once `count` permits of the burst window are free. Reserves none.
    package func waitForBurst(_ count: Int = 1) async throws(HubSpotError) {
        try await HubSpotError.ofQuota(configuration.wording) { () async throws(QuotaError) in
            try await limiter.waitForPrimary(count)
        }
    }

    /// The portal's id where it is known without asking.
    package var knownPortalID: Int64? { configuration.portalID ?? account.known?.portalID }

    /// Tells whether two sessions have one credential, which cannot be found from it; nil where there is none.
    package func credentialKey() async -> String? {
        guard let secret = try? await token.value().secret else { return nil }
        return await QuotaIdentity(accountID: nil, server: nil) { secret.bytes }.clientKey()
    }

    /// The portal's id: the configuration's, or asked of HubSpot once.
    public func portalID() async throws(HubSpotError) -> Int64 {
        if let known = configuration.portalID { return known }
        return try await account.value().portalID
    }

    /// What the account says of itself as far as it was asked.
    package var knownAccount: AccountDetails? { account.known }

    /// What the account says of itself, asked of HubSpot once.
    /// - Throws: kind `notAllowed` where the session may not read the account.
    public func accountDetails() async throws(HubSpotError) -> AccountDetails {
        let request = APIRequest(.get, paths.account("details"))
        _ = try disposition(RequestRules(request).permission, request.summary)
        return try await ownDetails()
    }

    /// The same for a program that shows its user what the session is: permissions bound what scripts do with it.
    package func ownDetails() async throws(HubSpotError) -> AccountDetails { try await account.value() }

    /// The same for ``scopes()``.
    package func ownScopes() async throws(HubSpotError) -> [String]? { try await grantedScopes.value() }

    /// What the token may do as far as it was asked.
    package var knownScopes: [String]? { token.known?.scopes ?? grantedScopes.known ?? nil }

    /// What the token may do, asked of HubSpot once; nil for a credential that has none, such as an API key.
    /// - Throws: kind `notAllowed` where the session may not read the account.
    package func scopes() async throws(HubSpotError) -> [String]? {
        let request = APIRequest(.post, paths.tokenInfo)
        _ = try disposition(RequestRules(request).permission, request.summary)
        return try await ownScopes()
    }

    /// Asks the API's host for its front page, without a credential, once: whether there is a way to it, and how late it
    /// is there. Any status will do.
    package func probe() async throws(HubSpotError) -> APIResponse {
        try await transport.send(APIRequest(.head, "/", isAuthenticated: false), to: hosts.api, credential: nil)
    }

    /// The credential as far as it was asked for.
    var knownCredential: Credential? { token.known }

    /// Asks for the credential, so that ``masked(_:)`` knows it. Where there is none, the call that needs it says why.
    package func learnCredential() async { _ = try? await token.value() }

    /// Where a request goes now.
    func hostURL(for host: APIRequest.Host) -> BaseURL { hosts.url(for: host) }

    /// When the credential ends that is used now, since 1970; nil for one that does not.
    public func credentialEnd() async throws(HubSpotError) -> Duration? { try await token.value().life?.endsAt }

    /// HubSpot's answer about the token: `{ userId, hubId, appId, scopes }`.
    func tokenInfo() async throws(HubSpotError) -> JSONSlice {
        let credential = try await token.value()
        if let scopes = credential.scopes {
            return JSONSlice(JSONValue.object(["scopes": .array(scopes.map { .string($0) })]).bytes)
        }
        guard credential.placement == .bearer else {
            throw HubSpotError(
                .unauthenticated, "only a token has scopes; this session's credential goes into \(credential.placement)"
            )
        }
        return try await object(.post, paths.tokenInfo, body: credential.secret.inspection)
    }

    /// HubSpot's API as it is talked to: the base URL, or the account's region's.
    public var apiURL: BaseURL { hosts.api }

    /// Where forms are submitted: as configured, else at the host of the account's region, which the token or the account's
    /// details name.
    /// - Throws: kind `cancelled` alone: where nothing tells the region, HubSpot's first is taken.
    package func formsURL() async throws(HubSpotError) -> BaseURL {
        if let known = hosts.forms { return known }
        if let region = account.known?.region { return hosts.chooseForms(region) }
        do throws(HubSpotError) {
            if let region = try await token.value().secret.region { return hosts.chooseForms(region) }
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
    package func today(adding days: Int64 = 0) async throws(HubSpotError) -> CalendarTime {
        guard let today = try await account.value().day(at: configuration.clock.unixTime) else {
            throw HubSpotError(.badResponse, "the account's details name no time zone that is known here")
        }
        guard let day = today.adding(days: days) else {
            throw .invalidArgument("a day between the years 0 and 9999 expected, got \(days) days from today")
        }
        return day
    }

    /// Cancels the requests in flight and closes the connections.
    ///
    /// Where an OAuth login is being renewed, that is waited for, some seconds at most: else the login could be lost.
    public func close() async {
        coalescer?.close()
        await limiter.close()
        account.cancel()
        simulatorCheck.cancel()
        grantedScopes.cancel()
        schemas.cancel()
        token.cancel()
        await (configuration.credential as? OAuthCredential)?.finish(within: .seconds(5))
        await transport.close()
    }

    /// Whether a login is being renewed, so that ``close()`` takes some seconds.
    package var isRenewingLogin: Bool { (configuration.credential as? OAuthCredential)?.isExchanging ?? false }

    // MARK: What may be sent

    /// - Throws: kind `invalid_argument` for a header that is the session's own, and for a URL that is too long.
    func validate(_ request: APIRequest) throws(HubSpotError) {
        for field in request.headers where Session.refusedHeaders.contains(field.name.canonicalName) {
            throw HubSpotError(
                .invalidArgument, "the header \(field.name.rawName) is the session's own and cannot be given",
                request: request.summary)
        }
        if let conflict = configuration.credential?.placement.conflict(with: request) {
            throw HubSpotError(.invalidArgument, conflict, request: request.summary)
        }
        guard request.target.utf8.count <= Transport.maximumTargetBytes else {
            throw HubSpotError(
                .invalidArgument,
                "the URL would be \(request.target.utf8.count) bytes long, HubSpot takes \(Transport.maximumTargetBytes) at most",
                .askForLess, configuration.wording, request: request.summary)
        }
    }

    /// Those that the transport sets, and those by which a request could pass for another one.
    static let refusedHeaders: Set<String> = [
        "authorization", "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "expect", "accept-encoding", "proxy-authorization", "proxy-connection", "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ]
}
