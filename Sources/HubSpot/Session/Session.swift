/// One authenticated session with HubSpot: everything that is sent goes through it.
public final class Session: Sendable {
    public let configuration: SessionConfiguration

    /// Opens nothing: connections, credential and limiter are made on first use.
    public init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
    }

    /// The paths of the configured generation.
    public var paths: Paths { Paths(configuration.apiVersion) }

    /// Sends a request and waits for its answer: limiter, then retries, then the wire.
    ///
    /// - Throws: ``HubSpotError`` for anything but an answer with a status of 200 to 299.
    public func send(_ request: APIRequest) async throws(HubSpotError) -> APIResponse {
        let response = try await exchange(request)
        return response
    }

    /// Like ``send(_:)``, but an answer is returned whatever its status. Still throws where there is none, and where
    /// the session refuses to send (`read_only`, `not_allowed`, `daily_limit`, `invalid_argument`).
    public func exchange(_ request: APIRequest) async throws(HubSpotError) -> APIResponse {
        throw HubSpotError(.unavailable, "not connected")
    }

    /// True for a call that would write while the session is a dry run: show it and return what was given.
    public func isDry(_ request: APIRequest) -> Bool { false }

    /// Hands the request to the configuration's ``SessionConfiguration/onDryRun``.
    public func showDry(_ request: APIRequest) { configuration.onDryRun(request) }

    /// What is left of the quota.
    public func limits() async -> LimitsState { fatalError() }

    /// Returns once `count` permits of the burst window are free. Reserves none.
    public func waitForBurst(_ count: Int = 1) async throws(HubSpotError) {}

    /// The portal's id: the configuration's, or asked of HubSpot once.
    public func portalID() async throws(HubSpotError) -> Int64 { configuration.portalID ?? 0 }

    /// Cancels what is in flight and closes the connections.
    public func close() async {}
}
