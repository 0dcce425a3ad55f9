/// One lane's places, decided without a clock of its own.
///
/// A request holds a place from before it is sent until its answer + W, or, without an answer, until its deadline + W.
/// At most N places are held at a time. HubSpot counts a request from its arrival `a` until `a + W`, and `a` is never
/// later than the answer: so whoever HubSpot counts at any moment holds a place at the moment when the last of them was
/// sent, and they are never more than N, whatever the network's delays or reordering.
struct LaneWindow: Sendable {
    /// N and W.
    var allowance: Allowance
    let maximumUnanswered: Int

    /// Until when the places of the unanswered requests are held at most, without W: their deadlines.
    private var unanswered: [UInt64: Duration] = [:]
    /// When requests were answered, in order, and how many at that moment.
    private var answered = PlaceQueue()
    /// When others' places were learnt of, in order, and how many.
    private var foreign = PlaceQueue()
    /// After a 429: nobody is let in before.
    private(set) var closedUntil: Duration?

    init(_ allowance: Allowance, maximumUnanswered: Int = .max) {
        self.allowance = allowance
        self.maximumUnanswered = maximumUnanswered
    }

    /// W. Without a limit, what a display counts over.
    var window: Duration {
        switch allowance {
        case .unlimited: .seconds(10)
        case .limited(_, let window): window
        }
    }

    /// Our own places, others', and both.
    var own: Int { unanswered.count + answered.total }
    var foreigners: Int { foreign.total }
    var used: Int { own + foreigners }
    var inFlight: Int { unanswered.count }

    /// Frees the places whose time is over.
    mutating func advance(to now: Duration) {
        answered.drop(through: now - window)
        foreign.drop(through: now - window)
        if unanswered.contains(where: { $0.value + window <= now }) {
            unanswered = unanswered.filter { $0.value + window > now }
        }
        if let closed = closedUntil, closed <= now { closedUntil = nil }
    }

    enum Room: Equatable {
        case free
        /// Not before that moment; nil where it takes an answer, whose time nobody knows.
        case full(until: Duration?)
    }

    /// Whether one more may be sent now. Call ``advance(to:)`` first.
    var room: Room {
        if let closedUntil { return .full(until: closedUntil) }
        if unanswered.count >= maximumUnanswered { return .full(until: nextDeadline) }
        guard case .limited(let count, let window) = allowance, used >= count else { return .free }
        let next = [answered.first.map { $0 + window }, foreign.first.map { $0 + window }, nextDeadline]
        return .full(until: next.compactMap { $0 }.min())
    }

    private var nextDeadline: Duration? { unanswered.values.min().map { $0 + window } }

    /// The earliest moment at which `count` places are free, as far as that is known. Nil where answers must come first.
    func free(_ count: Int, from now: Duration) -> Duration? {
        guard case .limited(let limit, let window) = allowance else { return closedUntil ?? now }
        var moment = closedUntil ?? now
        var excess = used + count - limit
        guard excess > 0 else { return moment }
        let places = (answered.entries + foreign.entries).map { (at: $0.at + window, count: $0.count) }
        for place in places.sorted(by: { $0.at < $1.at }) where excess > 0 {
            excess -= place.count
            moment = max(moment, place.at)
        }
        return excess > 0 ? nil : moment
    }

    /// When all places are free if nothing more is sent and what is unanswered is answered now.
    func clear(from now: Duration) -> Duration {
        var moment = max(now, closedUntil ?? now)
        for last in [answered.last, foreign.last, unanswered.isEmpty ? nil : now] {
            if let last { moment = max(moment, last + window) }
        }
        return moment
    }

    mutating func take(_ id: UInt64, deadline: Duration) { unanswered[id] = deadline }

    /// The request was never sent: its place is free.
    mutating func giveBack(_ id: UInt64) { unanswered[id] = nil }

    mutating func answer(_ id: UInt64, at now: Duration) {
        // A place that has run out already is booked again: the answer proves that the request was under way.
        unanswered[id] = nil
        answered.add(1, at: now)
    }

    /// Others hold that many places at least: books those that were not known yet.
    mutating func learn(foreigners count: Int, at now: Duration) {
        if count > foreign.total { foreign.add(count - foreign.total, at: now) }
    }

    mutating func close(until instant: Duration) { closedUntil = max(closedUntil ?? instant, instant) }
}

/// Counted moments in ascending order, dropped from the front.
private struct PlaceQueue: Sendable {
    private var list: [(at: Duration, count: Int)] = []
    private var head = 0
    private(set) var total = 0

    var entries: ArraySlice<(at: Duration, count: Int)> { list[head...] }
    var first: Duration? { head < list.count ? list[head].at : nil }
    var last: Duration? { head < list.count ? list[list.count - 1].at : nil }

    mutating func add(_ count: Int, at now: Duration) {
        total += count
        // Never backward: a moment earlier than the last one is booked as late as that.
        if let last, last >= now { list[list.count - 1].count += count } else { list.append((now, count)) }
    }

    mutating func drop(through instant: Duration) {
        while head < list.count, list[head].at <= instant {
            total -= list[head].count
            head += 1
        }
        if head > 64, head * 2 > list.count {
            list.removeFirst(head)
            head = 0
        }
    }
}
