import HubSpot
import Quota

extension Session {
    /// A session with a server of the test's own, closed afterwards.
    static func with<Result>(
        _ server: HostileServer, clock: any SessionClock = SystemClock(), timeout: Duration = .seconds(30),
        _ change: (inout SessionConfiguration) -> Void = { _ in }, _ body: (Session) async throws -> Result
    ) async throws -> Result {
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken("pat-na1-11111111-2222-4333-8444-555555555555")),
            baseURL: try BaseURL(server.url))
        configuration.clock = clock
        configuration.timeout = timeout
        configuration.quota = try QuotaSpecification("unlimited")
        change(&configuration)
        let session = Session(configuration)
        let result: Result
        do { result = try await body(session) } catch {
            await session.close()
            throw error
        }
        await session.close()
        return result
    }
}

/// The error that a call throws; nil where it succeeds.
func failure<Value>(_ body: () async throws -> Value) async -> HubSpotError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? HubSpotError
    }
}
