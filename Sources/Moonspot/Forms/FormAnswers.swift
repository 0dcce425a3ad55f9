import HubSpot
import JSON
import WebForms
import Words

/// What has been answered of a form: from the command line, and by a person. Knows no terminal.
struct FormAnswers: Sendable {
    let form: WebForm
    private(set) var values: [WebForm.Submission.Value] = []
    private(set) var context: [JSONValue.Member] = []
    private(set) var agrees: Bool?
    private(set) var communications: [Int64: Bool] = [:]

    init(form: WebForm) { self.form = form }

    /// Reads `email=ada@example.org`, `consent=yes`, `consent.999=yes`, `context.pageUri=https://…`.
    /// - Throws: One sentence where the form has no such field.
    mutating func read(_ word: String) throws(ArgumentProblem) {
        guard let equals = word.firstIndex(of: "=") else {
            throw ArgumentProblem("'\(word)' is no answer; write it as NAME=VALUE")
        }
        let name = String(word[..<equals])
        let value = String(word[word.index(after: equals)...])
        if let field = form.fields.first(where: { $0.key == name }) {
            guard self.value(of: field) == nil else { throw ArgumentProblem("\(name) is given twice") }
            set(field, value)
        } else if name == "consent" {
            guard form.consent != .none else {
                throw ArgumentProblem("the form '\(form.name)' asks for no consent: leave \(word) out")
            }
            agrees = try Self.yesOrNo(value, to: name)
        } else if name.hasPrefix("consent."), let id = Int64(name.dropFirst(8)) {
            let known = form.consent.texts?.communications.map(\.subscriptionTypeID) ?? []
            guard known.contains(id) else {
                let has = known.isEmpty ? "none" : known.map(String.init).joined(separator: ", ")
                throw ArgumentProblem("the form '\(form.name)' has no subscription type \(id); it has \(has)")
            }
            communications[id] = try Self.yesOrNo(value, to: name)
        } else if name.hasPrefix("context.") {
            context.append(.init(String(name.dropFirst(8)), .string(value)))
        } else {
            let keys = form.fields.map(\.key)
            let hint = NearestName.hint(for: name, among: keys)
            throw ArgumentProblem(
                "the form '\(form.name)' has no field '\(name)'"
                    + (hint.isEmpty ? "; it has \(keys.joined(separator: ", "))" : hint))
        }
    }

    mutating func set(_ field: WebForm.Field, _ answer: String) {
        values.removeAll { $0.objectTypeID == field.objectTypeID && $0.name == field.name }
        values.append(.init(objectTypeID: field.objectTypeID, name: field.name, value: field.submitted(answer)))
    }

    mutating func agree(_ isYes: Bool) { agrees = isYes }
    mutating func agree(to id: Int64, _ isYes: Bool) { communications[id] = isYes }

    func value(of field: WebForm.Field) -> String? {
        values.last { $0.objectTypeID == field.objectTypeID && $0.name == field.name }?.value
    }

    /// What is wrong with the answer to a field: as one goes.
    func problem(of field: WebForm.Field) -> String? {
        form.problems(in: submission).first {
            $0.field == field.name && ($0.errorType != "REQUIRED_FIELD" || value(of: field) != nil)
        }?.message
    }

    /// As it would be sent: without what is empty, and without fields that do not appear.
    var submission: WebForm.Submission {
        let shown = form.shown(values)
        var fields: [WebForm.Submission.Value] = []
        for field in shown {
            let value = value(of: field) ?? field.defaultValue
            guard !value.isEmpty,
                !fields.contains(where: { $0.name == field.name && $0.objectTypeID == field.objectTypeID })
            else { continue }
            fields.append(.init(objectTypeID: field.objectTypeID, name: field.name, value: value))
        }
        var isImplicit = false
        if case .implicit = form.consent { isImplicit = true }
        return WebForm.Submission(
            fields: fields, context: context.isEmpty ? nil : .object(context),
            legalConsentOptions: form.consentOptions(
                processing: agrees ?? isImplicit, communications: Set(communications.filter(\.value).keys)),
            isSecure: true)
    }

    /// What the form demands and nothing answers, as one writes it: `lastname=VALUE`, `consent=yes`.
    var missing: [String] {
        let submission = submission
        let problems = form.problems(in: submission)
        let fields = form.shown(submission.fields).filter { field in
            problems.contains { $0.errorType == "REQUIRED_FIELD" && $0.field == field.name }
                && !submission.fields.contains { $0.name == field.name && $0.objectTypeID == field.objectTypeID }
        }.map { "\($0.key)=\($0.options.isEmpty ? "VALUE" : $0.options.map(\.value).joined(separator: "|"))" }
        var consent: [String] = []
        if case .explicit = form.consent, agrees != true { consent.append("consent=yes") }
        consent += (form.consent.texts?.communications ?? []).filter {
            $0.isRequired && communications[$0.subscriptionTypeID] != true
        }.map { "consent.\($0.subscriptionTypeID)=yes" }
        return fields + consent
    }

    /// Answers from the command line to fields that do not appear beside the other answers, and are not sent.
    var unseen: [WebForm.Field] {
        let shown = Set(form.shown(values).map(\.key))
        return form.fields.filter { value(of: $0)?.isEmpty == false && !shown.contains($0.key) }
    }

    private static func yesOrNo(_ text: String, to name: String) throws(ArgumentProblem) -> Bool {
        if isYes(text) { return true }
        guard ["n", "no", "false", "0", ""].contains(text.lowercased()) else {
            throw ArgumentProblem("\(name) is yes or no, not '\(text)'")
        }
        return false
    }

    static func isYes(_ text: String) -> Bool { ["y", "yes", "true", "1", "x"].contains(text.lowercased()) }
}

extension WebForm.Field {
    /// A person's answer as HubSpot takes it: an option's label is its value, a day its milliseconds, yes is true.
    func submitted(_ answer: String) -> String {
        switch type {
        case "single_checkbox":
            if ["y", "yes"].contains(answer.lowercased()) { return "true" }
            return ["n", "no"].contains(answer.lowercased()) ? "false" : answer
        case "datepicker":
            guard let time = CalendarTime(answer) else { return answer }
            return String(time.milliseconds)
        default:
            guard !options.isEmpty else { return answer }
            let chosen = takesSeveral ? answer.split(whereSeparator: { ";,".contains($0) }).map(String.init) : [answer]
            return chosen.map { value(ofChoice: $0) }.joined(separator: ";")
        }
    }

    private func value(ofChoice text: String) -> String {
        let word = text.drop(while: \.isWhitespace).lowercased()
        let value = options.first { $0.value == text } ?? options.first { $0.value.lowercased() == word }
        return (value ?? options.first { $0.label.lowercased() == word })?.value ?? text
    }
}
