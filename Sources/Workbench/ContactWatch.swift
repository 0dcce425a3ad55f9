import JSON
import WebForms

/// Looks at the contact of a submission before it is sent and until it shows it, and tells the pages that are open.
struct ContactWatch: Sendable {
    private let workbench: Workbench
    private let number: Int
    private let email: String
    private let properties: [String]
    private let before: Result<JSONValue?, WorkbenchProblem>

    /// By these a contact shows that a submission has been worked on.
    private static let signs = ["num_conversion_events", "recent_conversion_date"]
    private static let patience: Duration = .seconds(60)

    /// Reads the contact as it is now. Nil where no page is open, or the submission names no contact.
    init?(_ workbench: Workbench, _ submission: ArrivedSubmission, number: Int) async {
        guard workbench.events.isHeard,
            let read = try? WebForm.Submission(received: submission.body, isSecure: submission.isSecure),
            let email = read.fields.last(where: { $0.objectTypeID == "0-1" && $0.name == "email" })?.value,
            email.contains("@")
        else { return nil }
        self.workbench = workbench
        self.number = number
        self.email = email
        var names = read.fields.filter { $0.objectTypeID == "0-1" }.map(\.name)
        names += ["recent_conversion_event_name"] + Self.signs
        var seen: Set<String> = []
        let properties = names.filter { seen.insert($0).inserted }
        self.properties = properties
        do throws(WorkbenchProblem) {
            before = .success(try await workbench.portal.contact(email, properties: properties))
        } catch {
            before = .failure(error)
        }
    }

    /// Looks until the contact shows the submission, beside the answer that is on its way.
    func begin() {
        tell()
        workbench.afterwards { await look() }
    }

    /// Tells the pages what is known by now.
    func tell() {
        switch before {
        case .success(let contact): tell("waiting", before: contact)
        case .failure(let problem): tell("unreadable", message: problem.message)
        }
    }

    private func look() async {
        guard case .success(let before) = before else { return }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        var pause: Duration = .milliseconds(200)
        while clock.now < deadline {
            do {
                if let now = try await workbench.portal.contact(email, properties: properties),
                    before.map({ Self.hasMoved($0, now) }) ?? true
                {
                    return tell("arrived", before: before, after: now)
                }
                try await Task.sleep(for: pause)
            } catch let problem as WorkbenchProblem {
                return tell("unreadable", message: problem.message)
            } catch {
                return
            }
            pause = min(pause * 1.5, .seconds(3))
        }
        tell("overdue", before: before)
    }

    static func hasMoved(_ before: JSONValue, _ now: JSONValue) -> Bool {
        signs.contains { before["properties"]?[$0]?.string != now["properties"]?[$0]?.string }
    }

    private func tell(_ state: String, before: JSONValue? = nil, after: JSONValue? = nil, message: String? = nil) {
        workbench.events.tell(
            "contact",
            .object([
                "number": .integer(number), "email": .string(email), "state": .string(state),
                "properties": .strings(properties), "before": before ?? .null, "after": after ?? .null,
                "message": message.map { .string($0) },
            ]))
    }
}
