import Bindings
import HubSpot
import JSON
import Synchronization
import WebForms

/// A name of the portal's own, and what people call it.
struct PortalName: Sendable, Equatable {
    var text: String
    var label = ""
    /// Of a form: its fields, with their options.
    var fields: [PropertySummary] = []
}

/// What Tab knows of the portal: properties, forms, lists, owners, pipelines. It is read in the background as bulk work and
/// kept for some minutes; only reads are sent, and none without a credential.
final class PortalNames: Sendable {
    enum Subject: Hashable, Sendable {
        case properties(String)
        /// Pipelines and, behind them, their stages.
        case pipelines(String), stages(String)
        case forms, lists, owners
    }

    /// What a subject is made of: names alone, or definitions of properties.
    struct Answer: Sendable {
        var names: [PortalName] = []
        var properties: [PropertySummary] = []
    }

    private struct Entry {
        var answer: Answer?
        var since: ContinuousClock.Instant
        var fetching: Task<Answer?, Never>?
        var isOld = false
    }

    private let entries = Mutex<[Subject: Entry]>([:])
    private let executor: (any TaskExecutor)?

    /// How long an answer is fresh, and how long a refusal is believed.
    private static let lifetime: Duration = .seconds(300)
    /// How long Tab waits for what is not there yet.
    static let patience: Duration = .milliseconds(20)

    init(executor: (any TaskExecutor)? = nil) { self.executor = executor }

    /// Another portal's are asked for from now on.
    func forget() { entries.withLock { $0 = [:] } }

    /// The next Tab asks anew, and has the old answer until the new one is there.
    func age() {
        entries.withLock { entries in
            for subject in entries.keys { entries[subject]?.isOld = true }
        }
    }

    /// What is known by now, without asking.
    func known(_ subject: Subject) -> Answer? { entries.withLock { $0[subject]?.answer } }

    /// All definitions of properties that are known, by type.
    var knownProperties: [[PropertySummary]] {
        entries.withLock { entries in
            entries.compactMap { subject, entry in
                if case .properties = subject { entry.answer?.properties } else { nil }
            }
        }
    }

    /// The answer, where it is known or comes soon. Where it does not, it is there the next time.
    func answer(_ subject: Subject, of session: @escaping @Sendable () async -> Session?) async -> Answer? {
        let (known, fetching) = begin(subject, session)
        guard let fetching else { return known }
        return await ReplContext.value(within: Self.patience) { await fetching.value } ?? known
    }

    /// Reads what people look for first.
    func prefetch(of session: @escaping @Sendable () async -> Session?) async {
        let types = ["contacts", "companies", "deals", "tickets"].map { Subject.properties($0) }
        for subject in types + [.stages("deals"), .stages("tickets"), .owners, .forms, .lists] {
            if Task.isCancelled { return }
            _ = await begin(subject, session).fetching?.value
        }
    }

    private func begin(
        _ subject: Subject, _ session: @escaping @Sendable () async -> Session?
    ) -> (known: Answer?, fetching: Task<Answer?, Never>?) {
        entries.withLock { entries in
            let now = ContinuousClock.now
            if let entry = entries[subject],
                entry.fetching != nil || !entry.isOld && now - entry.since < Self.lifetime
            {
                return (entry.answer, entry.fetching)
            }
            let fetching = Task(executorPreference: executor) { [self] () -> Answer? in
                let answer = await Session.inBackground { () async -> Answer? in
                    guard let session = await session() else { return nil }
                    return try? await Self.fetch(subject, session)
                }
                self.entries.withLock { entries in
                    entries[subject]?.fetching = nil
                    if let answer { entries[subject]?.answer = answer }
                }
                return answer
            }
            // An older answer serves until the new one is there.
            let known = entries[subject]?.answer
            entries[subject] = Entry(answer: known, since: now, fetching: fetching)
            return (known, fetching)
        }
    }

    private static func fetch(_ subject: Subject, _ session: Session) async throws -> Answer {
        switch subject {
        case .properties(let type):
            let answer = try await PropertyDefinitions(ObjectType(type), session: session).list()
            return Answer(
                properties: results(of: answer).compactMap { PropertySummary($0) }.sorted { $0.name < $1.name })
        case .pipelines(let type):
            let answer = try await Pipelines(ObjectType(type), session: session).list()
            return Answer(names: results(of: answer).compactMap { name($0, "id", ["label"]) })
        case .stages(let type):
            let answer = try await Pipelines(ObjectType(type), session: session).list()
            return Answer(
                names: results(of: answer).flatMap { $0.field("stages")?.elements() ?? [] }
                    .compactMap { name($0, "id", ["label"]) })
        case .owners:
            let names = try await pages { try await Owners(session: session).list(limit: 100, after: $0) }
            return Answer(names: names.compactMap { name($0, "id", ["firstName", "lastName", "email"]) })
        case .forms:
            let forms = try await pages { try await Forms(session: session).list(limit: 100, after: $0) }
            return Answer(
                names: forms.compactMap { form in
                    guard var found = name(form, "id", ["name"]) else { return nil }
                    found.fields = (WebForm(form)?.fields ?? []).map { field in
                        PropertySummary(
                            name: field.key, label: field.label, type: field.type,
                            options: field.options.map { .init(value: $0.value, label: $0.label) })
                    }
                    return found
                })
        case .lists:
            let query = JSONSlice(JSONValue.object(["query": "", "count": 250, "offset": 0]).bytes)
            let answer = try await RecordLists(session: session).search(query)
            return Answer(names: (answer.field("lists")?.elements() ?? []).compactMap { name($0, "listId", ["name"]) })
        }
    }

    private static func results(of answer: JSONSlice) -> [JSONSlice] { answer.field("results")?.elements() ?? [] }

    private static func name(_ element: JSONSlice, _ key: String, _ labels: [String]) -> PortalName? {
        guard let text = element.field(key)?.idText else { return nil }
        return PortalName(text: text, label: labels.compactMap { element.field($0)?.string }.joined(separator: " "))
    }

    /// The elements of the first pages: a portal may have tens of thousands.
    private static func pages(_ fetch: (_ after: String?) async throws -> AnswerPage) async throws -> [JSONSlice] {
        var all: [JSONSlice] = []
        var after: String?
        for _ in 0..<10 {
            let page = try await fetch(after)
            all += results(of: page.slice)
            after = page.next
            if after == nil { break }
        }
        return all
    }
}
