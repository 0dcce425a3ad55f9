/// The places of a window that bulk work leaves while a console is open, so that a typed call goes out within a second.
///
/// Two rules, both of which only ever hold bulk work back, so that the window never holds more than N:
/// - A share of the places, 1.5 %, is never bulk work's.
/// - Bulk work keeps one place back for each stretch of time ahead in which none would come free, and takes it when
///   that time has come. So places come free one after the other over the whole window, each W after the last, instead
///   of all at once: that delays the last places of bulk work's first window, and costs next to nothing afterwards.
package struct ConsoleReserve: Sendable, Equatable {
    let count: Int
    let window: Duration

    init(count: Int, window: Duration) {
        self.count = count
        self.window = window
    }

    /// Places that bulk work never takes. None in a window of less than 67: there the second rule serves alone, since a
    /// single place would cost more than 1.5 %.
    package var kept: Int { count * 3 / 200 }

    /// The part of the window that bulk work goes without in the long run, in 0...1.
    package var cost: Double { count > 0 ? Double(kept) / Double(count) : 0 }

    /// How far apart places come free that were kept back. With fewer than some two places a second they do not go
    /// around: there it is three times as far as places lie apart on the average.
    private var step: Int64 {
        let average = window.nanoseconds / Int64(max(1, count))
        return average <= 400_000_000 ? 500_000_000 : 3 * average
    }
    /// From here on a stretch without a free place counts. Answers do not come like clockwork, so that stretches grow
    /// and shrink from window to window: were it nearer to `step`, places would be kept back for that all the time.
    private var widest: Int64 { step / 10 * 17 }

    /// The places kept back for a stretch of that many nanoseconds.
    private func places(for stretch: Int64) -> Int { stretch <= widest ? 0 : Int((stretch + step - 1) / step) - 1 }

    /// How many places bulk work leaves free at that moment.
    ///
    /// - Parameter ends: When places come free, in order, as far as that is known; those of unanswered requests are
    ///   left out and taken to last W from now.
    func left(ends: [Duration], at now: Duration) -> Int {
        var spaced = 0
        var last = now.nanoseconds
        let horizon = last + window.nanoseconds
        for end in ends.lazy.map(\.nanoseconds) where end > last {
            spaced += places(for: min(end, horizon) - last)
            last = end
            if last >= horizon { break }
        }
        if last < horizon { spaced += places(for: horizon - last) }
        // One at a time goes on, in the smallest of windows too.
        return min(kept + spaced, max(0, count - 1))
    }

    /// When bulk work that has been held back may take the next place at the earliest.
    func opens(ends: [Duration], at now: Duration) -> Duration {
        let first = ends.first ?? now + window
        let stretch = (first - now).nanoseconds
        let places = places(for: stretch)
        guard places > 0 else { return first }
        return first - .nanoseconds(max(Int64(places) * step, places == 1 ? widest : 0))
    }
}

/// A console is open in some process: until then bulk work leaves it a few places.
struct OpenConsole: Sendable, Equatable {
    /// The store, one of each process, by whom it was told.
    var owner: UInt64
    var until: Duration
}

extension Duration {
    /// The lease of a console in this very process, which tells when it is closed.
    static let consoleOfThisProcess: Duration = .seconds(100 * 365 * 86_400)
}

extension LaneWindow {
    /// The reserve of a window while a console is open; nil without a limit.
    var consoleReserve: ConsoleReserve? {
        guard case .limited(let count, let window) = admitted else { return nil }
        return ConsoleReserve(count: count, window: window)
    }

    /// How many places bulk work leaves free now while a console is open.
    func leftToConsole(at now: Duration) -> Int {
        consoleReserve.map { $0.left(ends: knownEnds, at: now) } ?? 0
    }

    /// Nil where bulk work may take a place although a console is open; else when it may at the earliest. Call
    /// ``advance(to:)`` first.
    func heldForConsole(at now: Duration) -> Duration? {
        guard let reserve = consoleReserve else { return nil }
        let ends = knownEnds
        guard used + reserve.left(ends: ends, at: now) >= reserve.count else { return nil }
        return reserve.opens(ends: ends, at: now)
    }
}
