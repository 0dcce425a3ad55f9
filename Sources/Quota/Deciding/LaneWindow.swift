/// One lane's places, decided without a clock of its own.
///
/// A request holds a place from before it is sent until its answer + W, or, without an answer, until its deadline + W.
/// At most N places are held at a time. The server counts a request from its arrival `a` until `a + W`, and `a` is
/// never later than the answer: so each request that the server counts at any moment holds a place at the moment when
/// the last of them was sent, and they are never more than N, under any delay or reordering of the network.
struct LaneWindow: Sendable {
    /// N and W.
    var allowance: Allowance
    let maximumUnanswered: Int
    /// Which part of the allowance is ours: one in so many.
    var shareDivisor = 1

    /// Until when the places of the unanswered requests are held at most, without W: their deadlines.
    private var unanswered: [UInt64: Duration] = [:]
    /// When requests were answered, in order, and how many at that moment.
    private var answered = PlaceQueue()
    /// When others' places were learnt of, in order, and how many.
    private var foreign = PlaceQueue()
    /// After a 429: none is let in before.
    private(set) var closedUntil: Duration?
    /// How many places were ever taken and not given back.
    private(set) var taken = 0
    /// The longest W that a process which shares the lane counts by: a place that is over for us is kept that long for it.
    private var horizon: Duration = .zero
    private var advancedTo: Duration = .zero

    init(_ allowance: Allowance, maximumUnanswered: Int = .max) {
        self.allowance = allowance
        self.maximumUnanswered = maximumUnanswered
    }

    /// Our share of the allowance.
    var admitted: Allowance {
        guard shareDivisor > 1, case .limited(let count, let window) = allowance else { return allowance }
        return .limited(count: max(1, count / shareDivisor), per: window)
    }

    /// W. Without a limit, the time that a display counts over.
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
        /// Not before that moment; nil where it takes an answer, whose time is not known.
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

    /// How many places may be taken ahead of their calls: never more than a sixteenth of the window, nor beyond its half. None
    /// in a lane that bounds how many requests are unanswered.
    var spare: Int {
        guard closedUntil == nil, maximumUnanswered == .max else { return 0 }
        guard case .limited(let count, _) = admitted else { return .max }
        return max(0, min(count / 16, count / 2 - used))
    }

    private var nextDeadline: Duration? {
        unanswered.values.lazy.map { $0 + window }.filter { $0 > advancedTo }.min()
    }

    /// The earliest moment at which `count` places are free, as far as that is known. Nil where answers must come
    /// first.
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

    /// When all places are free if nothing more is sent and all is answered now.
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
    mutating func giveBack(_ id: UInt64) {
        unanswered[id] = nil
        taken -= 1
    }

    mutating func answer(_ id: UInt64, at moment: Duration) {
        // A place that has run out already is booked again: the answer proves that the request was under way.
        unanswered[id] = nil
        answered.add(1, at: moment, window: window)
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
    /// - Parameter kept: How long places are kept at least, for other processes, which may count by a longer window.
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
