import JSON

/// One line of `moonspot doctor`.
struct DoctorFinding: Sendable, Equatable {
    enum State: String, Sendable {
        case fine = "ok"
        case note
        case broken
    }

    /// The subject of what is found out about the time here and there.
    static let clock = "clock"

    var state: State
    var subject: String
    var text: String
    /// How to mend it.
    var remedy: String?

    init(_ state: State, _ subject: String, _ text: String, remedy: String? = nil) {
        self.state = state
        self.subject = subject
        self.text = text
        self.remedy = remedy
    }

    /// `{ state, subject, text, remedy }`.
    var json: JSONValue {
        .object([
            "state": .string(state.rawValue), "subject": .string(subject), "text": .string(text),
            "remedy": remedy.map { .string($0) },
        ])
    }
}
