import HubSpot

/// The error that a call throws; nil where it succeeds.
func failure<Value>(_ body: () async throws -> Value) async -> HubSpotError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? HubSpotError
    }
}
