/// Counted moments in ascending order, dropped from the front.
struct PlaceQueue: Sendable {
    private var list: [LaneRecord.Place] = []
    /// Where the places that count begin; before it lie those that are kept for other processes.
    private var head = 0
    private var start = 0
    private(set) var total = 0

    init() {}

    init(_ places: [LaneRecord.Place]) {
        list = places
        total = places.reduce(0) { $0 + $1.count }
    }

    var kept: [LaneRecord.Place] { Array(list[start...]) }
    var entries: ArraySlice<LaneRecord.Place> { list[head...] }
    var first: Duration? { head < list.count ? list[head].at : nil }
    var last: Duration? { head < list.count ? list[list.count - 1].at : nil }

    /// Beyond that many moments they are booked on a grid, each as late as the next of its marks: a lane without a limit
    /// would keep every request's.
    private static let fine = 1024

    mutating func add(_ count: Int, at now: Duration, window: Duration) {
        total += count
        var moment = now
        if list.count - start >= Self.fine {
            let step = max(1, window.nanoseconds / Int64(Self.fine))
            moment = .nanoseconds((now.nanoseconds / step + 1) * step)
        }
        // An answer that is told late may come behind one that is kept for another process.
        if let kept = list.last?.at { moment = max(moment, kept) }
        // Never backward: a moment earlier than the last one is booked as late as that.
        if let last, last >= moment {
            list[list.count - 1].count += count
        } else {
            list.append(LaneRecord.Place(at: moment, count: count))
        }
    }

    mutating func drop(through instant: Duration, keeping kept: Duration) {
        while head < list.count, list[head].at <= instant {
            total -= list[head].count
            head += 1
        }
        // Where the window has become longer, places that were over count again.
        while head > start, list[head - 1].at > instant {
            head -= 1
            total += list[head].count
        }
        while start < head, list[start].at <= kept { start += 1 }
        if start > 64, start * 2 > list.count {
            list.removeFirst(start)
            head -= start
            start = 0
        }
    }
}
