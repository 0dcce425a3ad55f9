public import Logging
package import Quota

/// All that a session needs to know. A plain value: nothing is opened by making one.
public struct SessionConfiguration: Sendable {
    /// Nil: every authenticated call fails with kind `unauthenticated`.
    public var credential: (any CredentialSource)?
    /// HubSpot's API.
    public var baseURL: BaseURL
    /// Where forms are submitted. Nil: HubSpot's forms host of the account's region, with a base URL on loopback the same
    /// server.
    public var formsURL: BaseURL?
    /// How HubSpot names its hosts.
    var hosts = Hosts.Pattern()
    /// The generation of HubSpot's paths.
    public var apiVersion: APIVersion
    /// The quota as an option or a profile gives it; nil: learnt from the answers' headers.
    package var quota: QuotaSpecification?
    /// Where ``quota`` comes from: `.option` or `.profile`.
    package var quotaSource: LimitsState.Source
    /// The share of the day's quota that is kept from bulk work, in 0...1.
    package var reserve: Double
    /// Whether every call that would write throws kind `readOnly` instead.
    public var isReadOnly: Bool
    /// Whether calls that would write are given to ``onDryRun`` instead of HubSpot.
    public var isDryRun: Bool
    /// Hears of every write before it is sent; nil where none is kept.
    package var journal: (any WriteJournal)?
    /// Gets every call that a dry run does not send.
    public var onDryRun: @Sendable (APIRequest) -> Void
    /// What may be done; a call beyond it throws kind `notAllowed`.
    public var permissions: PermissionList
    /// How a person is asked before a write that people regret. Nil: there is no question.
    public var confirmation: WriteConfirmation?
    /// So many deletions, archivals, unlinks and merges are sent at most; the next one is refused, of kind `not_allowed`.
    public var maximumDeletions: Int?
    /// Shared by the sessions of a run, in place of ``maximumDeletions``.
    package var deletions: DeletionBudget?
    /// Whether calls of one kind that wait at the same time are sent as one batch.
    public var isBatching: Bool
    /// Returns when the callers have nothing to add to a batch that is about to be sent, after some milliseconds at
    /// the latest. Nil: a batch takes the calls that wait when its permit is granted.
    package var waitUntilCallersIdle: (@Sendable () async -> Void)?
    /// Requests in flight at most.
    public var concurrency: Int
    /// For one attempt of a request from connecting to the last byte of its answer; waits not counted.
    public var timeout: Duration
    /// Nil: asked of HubSpot where it is needed.
    public var portalID: Int64?
    package var profileName: String?
    package var isSimulator: Bool
    /// Proxy and certificates.
    public var network: NetworkSettings
    /// Where the state of the quota is kept.
    package var store: QuotaStore
    /// Whether calls fail while the store is out of reach; else the process goes on with a careful share.
    package var storeIsRequired: Bool
    /// What to tell people to do where the store is out of reach.
    package var storeAdvice: @Sendable (StoreProblem.Remedy) -> String
    package var clock: any SessionClock
    /// Where the session's own tasks run; nil for Swift's own pool. A clock that jumps knows by it when nothing runs.
    package var executor: (any TaskExecutor)?
    /// The dice for the waits between tries: a number in 0..<1.
    package var jitter: @Sendable () -> Double
    /// How messages say what mends an error. A program that opens sessions may name its options here.
    public var wording: @Sendable (HubSpotError.Remedy) -> String
    /// Gets warnings, and each request at debug level. Never a secret.
    public var logger: Logger
    /// The `User-Agent` header.
    public var userAgent: String
    /// The name of this process for the others that share the store: `import.lua`.
    package var program: String

    /// For HubSpot itself where only a credential is given.
    public init(
        credential: (any CredentialSource)? = nil, baseURL: BaseURL = .api, formsURL: BaseURL? = nil,
        apiVersion: APIVersion = .september2026
    ) {
        self.credential = credential
        self.baseURL = baseURL
        self.formsURL = formsURL
        self.apiVersion = apiVersion
        quota = nil
        quotaSource = .option
        reserve = 0
        isReadOnly = false
        isDryRun = false
        journal = nil
        onDryRun = { _ in }
        permissions = .all
        confirmation = nil
        maximumDeletions = nil
        deletions = nil
        isBatching = true
        waitUntilCallersIdle = nil
        concurrency = 10
        timeout = .seconds(30)
        portalID = nil
        profileName = nil
        isSimulator = false
        network = NetworkSettings()
        store = .memory
        storeIsRequired = false
        storeAdvice = \.words
        clock = SystemClock()
        executor = nil
        jitter = { .random(in: 0..<1) }
        wording = { $0.description }
        logger = Logger(label: "moonspot.hubspot")
        userAgent = "moonspot/\(MoonspotVersion.current)"
        program = "moonspot"
    }
}
