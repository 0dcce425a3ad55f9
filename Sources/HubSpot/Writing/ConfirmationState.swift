/// Decides which writes go, which are asked about, and how far an answer reaches. The caller asks.
struct ConfirmationState {
    /// Writes that one answer covers.
    struct Kind: Hashable {
        var action: WriteEffect.Action
        var subject: String

        init(_ effect: WriteEffect) {
            action = effect.action
            subject = effect.subject
        }
    }

    enum Step: Equatable {
        case goes
        case refused
        /// A question has to be asked, and this call is to do it: it gathers those that come along, and then takes
        /// ``question(_:)``.
        case asks
        /// Another call asks.
        case waits
    }

    private struct Tally {
        var written = 0
        /// So many records may be written in all.
        var allowance = 0
        var isRefused = false
        /// The records of the calls that wait for an answer, the asking one's first; nil where none is asked for.
        var waiting: [WriteEffect]?
    }

    private var line: Int?
    private var tallies: [Kind: Tally] = [:]

    /// - Parameters:
    ///   - line: What is typed; another one begins anew.
    ///   - threshold: So many records may be written unasked, unless the effect is grave.
    mutating func enter(_ effect: WriteEffect, line: Int?, threshold: Int) -> Step {
        if line != self.line {
            // What still waits for an answer is told by the call that asks.
            tallies = tallies.filter { $0.value.waiting != nil }
            self.line = line
        }
        let kind = Kind(effect)
        var tally = tallies[kind] ?? Tally(allowance: effect.isGrave ? 0 : threshold)
        defer { tallies[kind] = tally }
        if tally.isRefused { return .refused }
        if tally.waiting != nil {
            tally.waiting?.append(effect)
            return .waits
        }
        if effect.records <= tally.allowance - tally.written {
            tally.written += effect.records
            return .goes
        }
        tally.waiting = [effect]
        return .asks
    }

    /// What is to be asked by now.
    func question(_ kind: Kind) -> WriteQuestion {
        let tally = tallies[kind] ?? Tally()
        let waiting = tally.waiting ?? []
        var effect = waiting.first ?? WriteEffect(kind.action, kind.subject, 0)
        effect.records = waiting.reduce(0) { $0 + $1.records }
        if waiting.count > 1 { effect.name = nil }
        let isLoop = tally.written > 0 || waiting.count > 1 && !effect.isGrave
        return WriteQuestion(effect: effect, written: tally.written, isOpenEnded: isLoop, portalID: nil)
    }

    /// Takes the answer to a question. Calls that came while it was asked are in the same boat: a yes to so many records
    /// covers those, and the others are asked about anew.
    ///
    /// - Returns: How many of the waiting calls, in their order, have their answer.
    mutating func answer(_ question: WriteQuestion, _ kind: Kind, isYes: Bool) -> Int {
        guard var tally = tallies[kind], let waiting = tally.waiting else { return 0 }
        defer { tallies[kind] = tally }
        guard isYes else {
            tally.isRefused = true
            tally.waiting = nil
            return waiting.count
        }
        tally.allowance = question.isOpenEnded ? .max : tally.written + question.effect.records
        var count = 0
        for effect in waiting {
            guard effect.records <= tally.allowance - tally.written else { break }
            tally.written += effect.records
            count += 1
        }
        tally.waiting = count < waiting.count ? Array(waiting[count...]) : nil
        return count
    }

    /// Forgets the call that would ask next: it was cancelled.
    mutating func dropFirst(_ kind: Kind) {
        guard let waiting = tallies[kind]?.waiting else { return }
        tallies[kind]?.waiting = waiting.count > 1 ? Array(waiting.dropFirst()) : nil
    }
}
