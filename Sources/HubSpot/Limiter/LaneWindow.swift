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
    /// Which part of the allowance is ours: one in so many.
    var share = 1

    /// Until when the places of the unanswered requests are held at most, without W: their deadlines.
    private var unanswered: [UInt64: Duration] = [:]
    /// When requests were answered, in order, and how many at that moment.
    private var answered = PlaceQueue()
    /// When others' places were learnt of, in order, and how many.
    private var foreign = PlaceQueue()
    /// After a 429: nobody is let in before.
    private(set) var closedUntil: Duration?
    /// How many places were ever taken.
    private(set) var taken = 0
    /// The longest W that anybody counts by who shares the lane: what is over for us is kept that long for them.
    private var horizon: Duration = .zero
    private var advancedTo: Duration = .zero

    init(_ allowance: Allowance, maximumUnanswered: Int = .max) {
        self.allowance = allowance
        self.maximumUnanswered = maximumUnanswered
    }

    /// Our share of the allowance.
    var admitted: Allowance {
        guard share > 1, case .limited(let count, let window) = allowance else { return allowance }
        return .limited(count: max(1, count / share), per: window)
    }

    /// W. Without a limit, what a display counts over.
    var window: Duration {
        switch allowance {
        case .unlimited: .seconds(10)
        case .limited(_, let window): window
        }
    }

    /// Our own places, others', and both.
    var own: Int { inFlight + answered.total }
    var foreigners: Int { foreign.total }
    var used: Int { own + foreigners }
    /// How full it is, in 0...1.
    var pressure: Double {
        guard case .limited(let count, _) = admitted else { return 0 }
        return min(1, Double(used) / Double(count))
    }
    var inFlight: Int {
        horizon <= window ? unanswered.count : unanswered.values.count { $0 + window > advancedTo }
    }

    /// When the places of answered requests, and others', come free, in order.
    var knownEnds: [Duration] {
        let (own, others) = (answered.entries, foreign.entries)
        var ends: [Duration] = []
        ends.reserveCapacity(own.count + others.count)
        var (i, j) = (own.startIndex, others.startIndex)
        while i < own.endIndex || j < others.endIndex {
            if j == others.endIndex || i < own.endIndex && own[i].at <= others[j].at {
                ends.append(own[i].at + window)
                i += 1
            } else {
                ends.append(others[j].at + window)
                j += 1
            }
        }
        return ends
    }

    /// When our own places end at the latest, and how many then.
    var ownEnds: [LaneRecord.Place] {
        unanswered.values.map { LaneRecord.Place(at: $0 + window, count: 1) }
            + answered.entries.map { LaneRecord.Place(at: $0.at + window, count: $0.count) }
    }

    /// Frees the places whose time is over.
    mutating func advance(to now: Duration) {
        advancedTo = now
        horizon = max(horizon, window)
        answered.drop(through: now - window, keeping: now - horizon)
        foreign.drop(through: now - window, keeping: now - horizon)
        if unanswered.contains(where: { $0.value + horizon <= now }) {
            unanswered = unanswered.filter { $0.value + horizon > now }
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
        if inFlight >= maximumUnanswered { return .full(until: nextDeadline) }
        guard case .limited(let count, let window) = admitted, used >= count else { return .free }
        let next = [answered.first.map { $0 + window }, foreign.first.map { $0 + window }, nextDeadline]
        return .full(until: next.compactMap { $0 }.min())
    }

    private var nextDeadline: Duration? {
        unanswered.values.lazy.map { $0 + window }.filter { $0 > advancedTo }.min()
    }

    /// The earliest moment at which `count` places are free, as far as that is known. Nil where answers must come first.
    func free(_ count: Int, from now: Duration) -> Duration? {
        guard case .limited(let limit, let window) = admitted else { return closedUntil ?? now }
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

    mutating func take(_ id: UInt64, deadline: Duration) {
        taken += 1
        unanswered[id] = deadline
    }

    /// The request was never sent: its place is free.
    mutating func giveBack(_ id: UInt64) { unanswered[id] = nil }

    mutating func answer(_ id: UInt64, at now: Duration) {
        // A place that has run out already is booked again: the answer proves that the request was under way.
        unanswered[id] = nil
        answered.add(1, at: now, window: window)
    }

    /// Books places that are known from elsewhere, on top of those known here.
    mutating func add(foreigners count: Int, at now: Duration) {
        if count > 0 { foreign.add(count, at: now, window: window) }
    }

    /// Others hold that many places at least: books those that were not known yet.
    mutating func learn(foreigners count: Int, at now: Duration) {
        add(foreigners: count - foreign.total, at: now)
    }

    mutating func close(until instant: Duration) { closedUntil = max(closedUntil ?? instant, instant) }
}

// MARK: As it is kept

extension LaneWindow {
    /// As a store keeps it.
    ///
    /// - Parameter kept: How long places are kept at least, for others who may count by a longer window.
    init(_ record: LaneRecord, _ allowance: Allowance, maximumUnanswered: Int, kept: Duration) {
        self.init(allowance, maximumUnanswered: maximumUnanswered)
        unanswered = Dictionary(record.unanswered.lazy.map { ($0.id, $0.deadline) }, uniquingKeysWith: max)
        answered = PlaceQueue(record.answered)
        foreign = PlaceQueue(record.foreign)
        closedUntil = record.closedUntil
        taken = record.taken
        horizon = max(record.horizon, kept)
    }

    var record: LaneRecord {
        LaneRecord(
            taken: taken, horizon: max(horizon, window), closedUntil: closedUntil,
            unanswered: unanswered.map { LaneRecord.Unanswered(id: $0.key, deadline: $0.value) },
            answered: answered.kept, foreign: foreign.kept)
    }
}

/// Counted moments in ascending order, dropped from the front.
private struct PlaceQueue: Sendable {
    private var list: [LaneRecord.Place] = []
    /// Where what counts begins; before it, what is kept for others.
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

    /// Beyond that many moments they are booked on a grid, each as late as the next line: a lane without a limit
    /// would keep every request's.
    private static let fine = 1024

    mutating func add(_ count: Int, at now: Duration, window: Duration) {
        total += count
        var moment = now
        if list.count - start >= Self.fine {
            let step = max(1, window.nanoseconds / Int64(Self.fine))
            moment = .nanoseconds((now.nanoseconds / step + 1) * step)
        }
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
        // Where the window has become longer, what was over counts again.
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
