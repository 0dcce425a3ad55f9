import Bindings
import HubSpot
import Words
import Quota

/// The status line's text, as wide as there is room: how far a `task.map` is, and the reason of the wait.
enum StatusText {
    /// How far something is.
    struct Progress: Sendable, Equatable {
        var name: String
        var done: Int
        /// Nil where an iterator is drawn from.
        var total: Int?
        var elapsed: Duration
        /// How long the requests that are left take at the quota; nil where that is not known.
        var quotaTime: Duration?
    }

    /// A shorter wait is over before it is noticed.
    static let patience: Duration = .seconds(1)
    static let fewItems = 20

    /// Nil where there is nothing that people wait for.
    static func line(_ progress: Progress?, _ wait: CurrentWait?, columns: Int) -> String? {
        let wait = wait.flatMap { $0.waited >= patience ? $0 : nil }
        let progress = progress.flatMap { progress -> Progress? in
            let items = progress.total ?? progress.done
            return progress.elapsed >= patience && items > fewItems ? progress : nil
        }
        var parts: [Part]
        if let progress {
            parts = self.parts(of: progress)
            if let wait {
                let left = wait.left.flatMap { $0 >= patience ? "waiting \($0.countdown): " : nil } ?? ""
                parts.append(Part(text: left + wait.reason.words, rank: 2))
            }
        } else if let wait {
            let queued = "\(Counts.counted(wait.queued, "call")) queued"
            parts = [Part(text: "\(beginning(of: wait)): \(wait.reason.words)", rank: 0), Part(text: queued, rank: 1)]
        } else {
            return nil
        }
        // The last cell of a line stays free: a character in it moves the cursor on, on some terminals.
        let room = columns - 1
        func text() -> String { parts.map(\.text).joined(separator: progress == nil ? ", " : " · ") }
        while parts.count > 1, DisplayWidth.of(text()) > room, let last = parts.map(\.rank).max() {
            parts.removeAll { $0.rank == last }
        }
        return DisplayWidth.cut(text(), to: room)
    }

    /// The parts of the line, the more important the lower their rank.
    private struct Part {
        var text: String
        var rank: Int
    }

    private static func beginning(of wait: CurrentWait) -> String {
        guard let left = wait.left, left > .zero else { return "waiting since \(wait.waited.countdown)" }
        return "waiting \(left.countdown)"
    }

    private static func parts(of progress: Progress) -> [Part] {
        let done = Counts.grouped(progress.done)
        let rate = Double(progress.done) / max(progress.elapsed / .seconds(1), 0.001)
        let speed = Part(text: rateText(rate), rank: 4)
        guard let total = progress.total else { return [Part(text: "\(progress.name): \(done) done", rank: 0), speed] }
        let percent = total > 0 ? progress.done * 100 / total : 100
        var parts = [
            Part(text: "\(progress.name): \(done) of \(Counts.grouped(total))", rank: 0),
            Part(text: "\(percent) %", rank: 3),
        ]
        // The quota's estimate is known from the beginning; a rate is the first burst's for a while.
        let byRate = progress.done > 0 ? Duration.seconds(Double(total - progress.done) / rate) : nil
        if let left = progress.quotaTime ?? byRate {
            let isQuota = progress.quotaTime.map { $0 > .seconds(10) } ?? false
            parts.append(Part(text: "\((isQuota ? left : max(left, byRate ?? .zero)).countdown) left", rank: 1))
        }
        return parts + [speed]
    }

    private static func rateText(_ rate: Double) -> String {
        rate >= 10 ? "\(Counts.grouped(rate.rounded()))/s" : "\((rate * 10).rounded() / 10)/s"
    }
}
