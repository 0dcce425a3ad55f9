import Foundation
import Testing

@testable import Quota

/// A folder of the test's own.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "moonspot-" + UUID().uuidString

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension QuotaIdentity {
    static func testing(_ token: String = "pat-na1-one", accountID: Int64? = nil) -> QuotaIdentity {
        QuotaIdentity(accountID: accountID, server: nil) { Array(token.utf8) }
    }
}

extension PermitDemand {
    static func testing(
        _ lanes: LaneSet = [.burst, .day], _ priority: CallPriority = .bulk, lifetime: Duration = .seconds(32)
    ) -> PermitDemand {
        PermitDemand(lanes: lanes, priority: priority, lifetime: lifetime)
    }
}

extension SharedLimiterStore {
    /// A permit, if there is one now.
    func permit(_ lanes: LaneSet = [.burst, .day], _ priority: CallPriority = .bulk) async throws -> Permit? {
        if case .granted(let permit) = try await take(.testing(lanes, priority)) { permit } else { nil }
    }

    /// Until when there is none.
    func wait(_ lanes: LaneSet = [.burst, .day], _ priority: CallPriority = .bulk) async throws -> Duration? {
        if case .wait(let until) = try await take(.testing(lanes, priority)) { until } else { nil }
    }

    @discardableResult
    func answer(
        _ permit: Permit, _ status: Int = 200, _ change: (inout ObservedLimits) -> Void = { _ in }
    ) async throws -> [LimitNotice] {
        var observation = ObservedLimits(status: status)
        change(&observation)
        return try await settle(permit, .answered(observation))
    }

    func burst() async throws -> QuotaSnapshot.Window { try #require(try await snapshot().windows[.burst]) }
}
