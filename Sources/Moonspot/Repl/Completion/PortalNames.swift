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

        /// The area of HubSpot's API whose writes change it.
        var area: String {
            switch self {
            case .properties: "properties"
            case .pipelines, .stages: "pipelines"
            case .forms: "forms"
            case .lists: "lists"
            case .owners: "owners"
            }
        }
    }

    /// What a subject is made of: names alone, or definitions of properties.
    struct Answer: Sendable {
        var names: [PortalName] = []
        var properties: [PropertySummary] = []
    }

    private struct Entry {
        var answer: Answer?
        /// The writes to its area that the session had made when it was asked for.
        var writes: Int
        /// Whether a write has made the answer old, and the new one is not there.
        var isReplaced = false
        var since: ContinuousClock.Instant
        var fetching: Task<Answer?, Never>?
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
    ///
    /// - Parameter writes: How often the session has written to the subject's area: an answer from before the last time is
    ///   asked for again, and serves where the new one does not come soon.
    func answer(
        _ subject: Subject, writes: Int = 0, of session: @escaping @Sendable () async -> Session?
    ) async -> Answer? {
        let (known, isCurrent, fetching) = begin(subject, writes, session)
        if isCurrent { return known }
        guard let fetching else { return known }
        return await ReplContext.value(within: Self.patience) { await fetching.value } ?? known
    }

    /// Reads what people look for first.
    func prefetch(of session: @escaping @Sendable () async -> Session?) async {
        let types = ["contacts", "companies", "deals", "tickets"].map { Subject.properties($0) }
        for subject in types + [.stages("deals"), .stages("tickets"), .owners, .forms, .lists] {
            if Task.isCancelled { return }
            _ = await begin(subject, 0, session).fetching?.value
        }
    }

    private func begin(
        _ subject: Subject, _ writes: Int, _ session: @escaping @Sendable () async -> Session?
    ) -> (known: Answer?, isCurrent: Bool, fetching: Task<Answer?, Never>?) {
        entries.withLock { entries in
            let now = ContinuousClock.now
            let isOutdated = entries[subject].map { $0.writes < writes } ?? false
            if let entry = entries[subject], !isOutdated,
                entry.fetching != nil || now - entry.since < Self.lifetime
            {
                return (entry.answer, entry.answer != nil && !entry.isReplaced, entry.fetching)
            }
            let fetching = Task(executorPreference: executor) { [self] () -> Answer? in
                let answer = await Session.inBackground { () async -> Answer? in
                    guard let session = await session() else { return nil }
                    return try? await Self.fetch(subject, session)
                }
                self.entries.withLock { entries in
                    // A fetch that a write has overtaken answers whoever waits for it, and is not kept.
                    guard entries[subject]?.writes == writes else { return }
                    entries[subject]?.fetching = nil
                    entries[subject]?.isReplaced = false
                    if let answer { entries[subject]?.answer = answer }
                }
                return answer
            }
            // An older answer serves until the new one is there.
            let known = entries[subject]?.answer
            entries[subject] = Entry(
                answer: known, writes: writes, isReplaced: isOutdated, since: now, fetching: fetching)
            return (known, known != nil && !isOutdated, fetching)
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
