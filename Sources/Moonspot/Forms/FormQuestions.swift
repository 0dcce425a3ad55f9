import HubSpot
import Synchronization
import WebForms

/// Asks for a form's answers, field by field: with Tab for options on a terminal, else a line of standard input each.
struct FormQuestions: Sendable {
    enum Interruption: Error { case interrupted }

    private let source: LineSource
    private let candidates: CandidateBox
    private let style: Style

    /// Ctrl-C ends the questions.
    init(style: Style) {
        let box = CandidateBox()
        candidates = box
        self.style = style
        if let editor = LineEditor(style: { style }, complete: { text in box.complete(text) }) {
            source = .editor(editor)
        } else {
            source = .plain(PlainLines())
        }
        let source = source
        Interrupts().onInterrupt { source.interrupt() }
    }

    func close() { source.close() }

    /// Asks for what is not answered yet.
    /// - Parameter requiredAlone: Only what HubSpot refuses the submission without.
    func ask(_ answers: inout FormAnswers, requiredAlone: Bool) async throws(Interruption) {
        // A field may appear with an answer to another one.
        var asked: Set<String> = []
        while let field = answers.form.shown(answers.values).first(where: {
            !$0.isHidden && answers.value(of: $0) == nil && !asked.contains($0.key) && (!requiredAlone || $0.isRequired)
        }) {
            asked.insert(field.key)
            guard try await ask(field, &answers) else { return }
        }
        try await askForConsent(&answers, requiredAlone: requiredAlone)
    }

    /// - Returns: False at the end of the input.
    private func ask(_ field: WebForm.Field, _ answers: inout FormAnswers) async throws(Interruption) -> Bool {
        let heading = heading(of: field)
        if source.isInteractive, !heading.isEmpty { Output.standard.line(heading) }
        while true {
            let choices =
                field.type == "single_checkbox"
                ? [Candidate("yes", .option), Candidate("no", .option)]
                : field.options.map { Candidate($0.value, .option, label: $0.label == $0.value ? "" : $0.label) }
            guard let line = try await line("  \(field.key): ", choices, takesSeveral: field.takesSeveral) else {
                return false
            }
            if line.isEmpty {
                if !field.isRequired || !field.defaultValue.isEmpty { return true }
                if !source.isInteractive { return true }
                Output.error.line(style.red("  it is required"))
                continue
            }
            answers.set(field, line)
            guard let problem = answers.problem(of: field) else { return true }
            Output.error.line(style.red("  \(Escaping.visible(problem))"))
            if !source.isInteractive { return true }
        }
    }

    private func heading(of field: WebForm.Field) -> String {
        let label = field.label == field.key ? "" : style.bold(field.label.onOneLine)
        // Tab offers yes and no.
        let rules = field.rules.map { $0 == "true or false" ? "yes or no" : $0 }.joined(separator: "; ")
        return [label, rules.isEmpty ? "" : style.dim(rules)].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func askForConsent(_ answers: inout FormAnswers, requiredAlone: Bool) async throws(Interruption) {
        guard let texts = answers.form.consent.texts else { return }
        if source.isInteractive {
            for text in [texts.privacyText, texts.communicationText, texts.processFooter] where !text.isEmpty {
                Output.standard.line(style.dim(text.onOneLine))
            }
        }
        if case .explicit = answers.form.consent, answers.agrees == nil {
            guard let isYes = try await confirm(texts.agreedText) else { return }
            answers.agree(isYes)
        }
        for box in texts.communications
        where answers.communications[box.subscriptionTypeID] == nil && (!requiredAlone || box.isRequired) {
            guard let isYes = try await confirm(box.label) else { return }
            answers.agree(to: box.subscriptionTypeID, isYes)
        }
    }

    /// - Returns: Nil at the end of the input.
    func confirm(_ question: String) async throws(Interruption) -> Bool? {
        let answer = try await line(
            "\(question.onOneLine) [y/N] ", [Candidate("yes", .option), Candidate("no", .option)])
        return answer.map { FormAnswers.isYes($0) }
    }

    private func line(
        _ prompt: String, _ choices: [Candidate], takesSeveral: Bool = false
    ) async throws(Interruption) -> String? {
        candidates.set(choices, takesSeveral: takesSeveral)
        switch await source.read(prompt: prompt) {
        case .line(let text), .whole(let text):
            let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            return String(trimmed)
        case .end: return nil
        case .interrupted: throw .interrupted
        }
    }
}

/// What Tab offers at the moment.
private final class CandidateBox: Sendable {
    private let state = Mutex<(candidates: [Candidate], takesSeveral: Bool)>(([], false))

    func set(_ candidates: [Candidate], takesSeveral: Bool) { state.withLock { $0 = (candidates, takesSeveral) } }

    func complete(_ text: String) -> LineEditor.Completion {
        let (candidates, takesSeveral) = state.withLock { $0 }
        var prefix = text[...]
        if takesSeveral, let last = text.lastIndex(of: ";") {
            prefix = text[text.index(after: last)...].drop(while: \.isWhitespace)
        }
        return Completions.choose(candidates, prefix: String(prefix)) { _ in "" }
    }
}
