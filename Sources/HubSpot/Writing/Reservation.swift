import Synchronization
import Quota

/// A permit that was waited for before the request was known, so that calls could join it meanwhile. The first request
/// that falls under the same lanes takes it; a permit that none took is given back.
final class Reservation: Sendable {
    /// The reservation that the current Swift task sends under.
    @TaskLocal static var current: Reservation?

    private let limiter: Limiter
    private let lanes: LaneSet
    /// How full the fullest of its windows was when it was granted, in 0...1.
    let pressure: Double
    private let permit: Mutex<Permit?>

    init(_ permit: Permit, of limiter: Limiter) {
        self.limiter = limiter
        lanes = permit.lanes
        pressure = permit.pressure
        self.permit = Mutex(permit)
    }

    /// The permit, for a request of these lanes; nil where it is taken or another one is needed.
    func take(_ lanes: LaneSet) -> Permit? {
        guard lanes == self.lanes else { return nil }
        return permit.withLock { permit in
            defer { permit = nil }
            return permit
        }
    }

    func giveBack() async {
        let unused = permit.withLock { permit in
            defer { permit = nil }
            return permit
        }
        if let unused { await limiter.release(unused, .unsent) }
    }

    /// Runs `body`, whose first request goes under the reservation.
    func carry<Value>(
        _ body: () async throws(HubSpotError) -> Value
    ) async throws(HubSpotError) -> Value {
        let result: Result<Value, HubSpotError> = await Self.$current.withValue(self) {
            do throws(HubSpotError) { return .success(try await body()) } catch { return .failure(error) }
        }
        await giveBack()
        return try result.get()
    }
}
