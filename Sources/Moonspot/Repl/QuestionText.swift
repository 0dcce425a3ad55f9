import HubSpot
import Words

/// The question before a write, and what counts as a yes.
struct QuestionText: Equatable {
    /// What will happen, for people.
    var lines: [String]
    var prompt: String
    /// The answers that let it happen.
    var accepted: Set<String>

    /// - Parameter total: How many items the loop goes over that makes the calls, where it is known.
    init(_ question: WriteQuestion, portal: String, total: Int? = nil) {
        let effect = question.effect
        var what = "This will \(effect.words) in \(portal)"
        if question.isOpenEnded {
            what =
                question.written > 0
                ? "\(Counts.grouped(question.written)) done so far; this line goes on to \(effect.words)"
                : "This line begins to \(effect.words)"
            what += " in \(portal)"
            what += total.map { ", over \(Counts.counted($0, "item")) in all" } ?? ", and how many follow is not known"
        }
        lines = [what + "." + Self.wayBack(effect)]
        let number = question.isOpenEnded ? total : effect.records
        if let number, number != 1 {
            accepted = [String(number), Counts.grouped(number)]
            prompt = "Type \(number) to do it, anything else not to: "
        } else {
            accepted = question.isOpenEnded ? ["yes"] : ["yes", "1"]
            prompt = "Type yes to \(question.isOpenEnded ? "let it go on" : "do it"), anything else not to: "
        }
    }

    private static func wayBack(_ effect: WriteEffect) -> String {
        if effect.cannotBeUndone { return " It cannot be undone." }
        return effect.action == .delete ? " HubSpot keeps them for 90 days." : ""
    }

    func isYes(_ answer: String) -> Bool {
        accepted.contains(answer.lowercased().filter { !$0.isWhitespace })
    }
}
