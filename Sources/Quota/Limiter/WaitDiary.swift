/// Why each queue in front of the limiter does not move, over time: a call that leaves its queue learns from
/// it what it waited for.
struct WaitDiary: Sendable {
    private struct Change: Sendable {
        var at: Duration
        var reason: WaitReason
    }
    private var changes: [LaneSet: [Change]] = [:]
    private static let longest = 64

    /// The queue does not move since `now`, or still not, for that reason.
    ///
    /// - Parameter oldest: Since when the first in the queue waits: what was before is asked for no more.
    mutating func note(_ reason: WaitReason, for lanes: LaneSet, at now: Duration, oldest: Duration) {
        var list = changes[lanes] ?? []
        if let last = list.last, last.reason.isSame(as: reason) {
            list[list.count - 1].reason = reason
        } else {
            list.append(Change(at: now, reason: reason))
        }
        if list.count > Self.longest {
            let first = list.lastIndex { $0.at <= oldest } ?? 0
            list.removeFirst(min(first, list.count - 1))
            // A call has waited through more changes than people read.
            if list.count > Self.longest * 4 { list.removeFirst(list.count - Self.longest) }
        }
        changes[lanes] = list
    }

    /// The queue is empty.
    mutating func forget(_ lanes: LaneSet) { changes[lanes] = nil }

    /// Why the queue does not move now.
    func reason(for lanes: LaneSet) -> WaitReason? { changes[lanes]?.last?.reason }

    /// The reasons of the wait of a call that stood in the queue from `since` until `now`.
    func intervals(of lanes: LaneSet, from since: Duration, to now: Duration) -> [WaitInterval] {
        guard let list = changes[lanes] else { return [] }
        return list.indices.compactMap { index in
            let end = index + 1 < list.count ? list[index + 1].at : now
            return WaitInterval(from: list[index].at, to: min(end, now), reason: list[index].reason).after(since)
        }
    }
}

extension QuotaSnapshot {
    /// Why a request of these lanes has to wait at the moment of the snapshot. Where a place has come free meanwhile,
    /// the lane that is nearest to its limit is named.
    func reason(for lanes: LaneSet, _ priority: CallPriority) -> WaitReason? {
        var fullest: (share: Double, reason: WaitReason)?
        let known = windows.filter { lanes.contains($0.key) }.sorted { $0.key.index < $1.key.index }
        for (lane, window) in known {
            if window.closedUntil != nil { return .closed(lane) }
            if window.unanswered >= lane.maximumUnanswered { return .unanswered(lane, limit: lane.maximumUnanswered) }
            guard case .limited(let limit, let length) = window.allowance else { continue }
            let share = Double(window.used) / Double(max(1, limit))
            if share > fullest?.share ?? -1 {
                fullest = (share, .full(lane, limit: limit, window: length, others: window.foreign))
            }
        }
        if let fullest, fullest.share >= 1 { return fullest.reason }
        if priority == .bulk, !typedWaits.isDisjoint(with: lanes) { return .typedFirst }
        if priority == .bulk {
            for (lane, window) in known {
                guard let console = window.console, window.used + window.leftToConsole >= console.count else {
                    continue
                }
                return .console(lane, limit: console.count, kept: console.kept)
            }
        }
        return fullest?.reason
    }
}
