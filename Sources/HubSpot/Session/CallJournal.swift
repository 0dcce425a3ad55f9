import Logging
import Synchronization
import Words
package import Quota

/// Hears whether a call waits or goes on: those that go on may soon call again, and
/// ``SessionConfiguration/waitUntilCallersIdle`` waits for them.
package protocol CallActivity: Sendable {
    /// The result that the call waited for is there; the call is about to be told so.
    func goesOn()
    /// The call waits again.
    func waits()
}

/// A script's call on its way: its name, and its waits so far. Bound around the call,
/// so that the fate of its requests can be told in the script's words.
package final class CallContext: Sendable {
    /// The call that the current Swift task works for.
    @TaskLocal public static var current: CallContext?

    /// The call's name, `hubspot.contacts.update`, and its number among all calls of this process.
    package let name: String
    package let number: Int
    private let collected = WaitCollector()
    private let activity: (any CallActivity)?
    private let taken = Mutex(0)

    private static let count = Atomic(0)

    package init(_ name: String, activity: (any CallActivity)? = nil) {
        self.name = name
        self.activity = activity
        number = Self.count.add(1, ordering: .relaxed).newValue
    }

    /// The context of a batch's own requests: its callers are noted one by one.
    static let ofBatch = CallContext("a batch")

    func goesOn() { activity?.goesOn() }
    func waits() { activity?.waits() }

    func add(_ intervals: [WaitInterval]) { collected.add(intervals) }
    func add(_ reason: WaitReason, from: Duration, to: Duration) { collected.add(reason, from: from, to: to) }

    /// The waits that no request has been noted with yet.
    func takeWaits() -> [WaitInterval] {
        let all = collected.intervals
        return taken.withLock { taken in
            defer { taken = all.count }
            return Array(all.dropFirst(taken))
        }
    }
}

/// The fate of one part of a call that was a request of its own, or travelled in a batch.
package struct CallNote: Sendable, Equatable {
    /// The batch it went into: its number, how many calls went together, and which of them this one was, from one.
    package struct Batch: Sendable, Equatable {
        package var number: Int
        package var size: Int
        package var position: Int
    }

    /// Of the call; one call may need several requests.
    package var number: Int
    /// `hubspot.contacts.upsert`; nil for a call that no script made.
    package var call: String?
    /// `PATCH /crm/objects/2026-09/contacts/1`, or in a batch `contacts update`.
    package var request: String
    /// By reason, in the order in which they first occurred.
    package var waits: [WaitSpan]
    package var batch: Batch?

    package var waited: Duration { waits.reduce(.zero) { $0 + $1.duration } }
}

/// The last calls of a session, and why each of them waited: `hubspot.limits.explain()`.
final class CallJournal: Sendable {
    /// How many notes are kept.
    static let capacity = 200

    private struct State {
        var notes: [CallNote] = []
        /// Where the next one goes once all places are taken.
        var next = 0
        var usualAnswer: Duration?
        var answers = 0
    }
    private let state = Mutex(State())
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// Notes a request as it is sent, or as it is given up.
    func note(
        _ request: @autoclosure () -> String, for context: CallContext?, _ intervals: [WaitInterval],
        batch: CallNote.Batch? = nil
    ) {
        var spans: [WaitSpan] = []
        for interval in (context?.takeWaits() ?? []) + intervals {
            let duration = interval.to - interval.from
            if let known = spans.firstIndex(where: { $0.reason.isSame(as: interval.reason) }) {
                spans[known].duration += duration
            } else if duration >= .milliseconds(1) {
                spans.append(WaitSpan(reason: interval.reason, duration: duration))
            }
        }
        let note = CallNote(
            number: context?.number ?? 0, call: context?.name, request: request(), waits: spans, batch: batch)
        state.withLock { state in
            if state.notes.count < Self.capacity {
                state.notes.append(note)
            } else {
                state.notes[state.next] = note
                state.next = (state.next + 1) % Self.capacity
            }
        }
        logger.debug("\(note)")
    }

    /// A request was answered after that time: the usual one is kept.
    func noteAnswer(after time: Duration) {
        state.withLock { state in
            if ExchangeLog.isHeeded { state.answers += 1 }
            state.usualAnswer = state.usualAnswer.map { ($0 * 7 + time) / 8 } ?? time
        }
    }

    /// How many answers have come to what was asked for.
    var answers: Int { state.withLock { $0.answers } }

    /// How long an answer takes; nil before the first.
    var usualAnswer: Duration? { state.withLock { $0.usualAnswer } }

    /// The last ones, oldest first.
    func recent(_ count: Int) -> [CallNote] {
        let all = state.withLock { Array($0.notes[$0.next...] + $0.notes[..<$0.next]) }
        return Array(all.suffix(max(0, count)))
    }
}

extension CallNote: CustomStringConvertible {
    /// One line for the log.
    package var description: String {
        var line = call.map { "\($0) #\(number): \(request)" } ?? request
        if let batch { line += ", \(batch.position) of \(batch.size) in batch \(batch.number)" }
        guard !waits.isEmpty else { return line + ", sent at once" }
        return line + ", waited " + waits.map { "\($0.duration.words) (\($0.reason))" }.joined(separator: " and ")
    }
}
