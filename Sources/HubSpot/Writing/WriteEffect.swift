import HTTPTypes
import JSON
import Words

/// What a write does to what is there, as people are told of it before it is sent.
public struct WriteEffect: Sendable, Hashable {
    public enum Action: String, Sendable, CaseIterable {
        case create, update, upsert, delete, merge, link, unlink, submit
        /// For good, as the GDPR has it.
        case gdprDelete = "gdpr_delete"
        /// What has no name of its own: a request that a caller spells out.
        case write
    }

    public var action: Action
    /// What it is done to, in the plural: `contacts`, `properties`.
    public var subject: String
    /// How many of them.
    public var records: Int
    /// Which one, where it is one: its id or name.
    public var name: String?
    /// Whether HubSpot offers no way back.
    public var cannotBeUndone: Bool

    /// What ``SessionConfiguration/maximumDeletions`` counts.
    var isDeletion: Bool { [.delete, .gdprDelete, .merge, .unlink].contains(action) }

    /// What is asked about however few it concerns.
    var isGrave: Bool { cannotBeUndone || action == .delete }

    /// `delete 1 contact (501)`, `update 5,000 contacts`.
    public var words: String {
        let verb =
            switch action {
            case .gdprDelete: "delete for good"
            case .merge: "merge away"
            default: action.rawValue
            }
        return "\(verb) \(Counts.counted(records, Self.singular(subject), subject))\(name.map { " (\($0))" } ?? "")"
    }

    /// `contacts` as `contact`, `properties` as `property`.
    private static func singular(_ plural: String) -> String {
        if plural.hasSuffix("ies") { return plural.dropLast(3) + "y" }
        return plural.hasSuffix("s") ? String(plural.dropLast()) : plural
    }

    init(_ action: Action, _ subject: String, _ records: Int, name: String? = nil, cannotBeUndone: Bool = false) {
        self.action = action
        self.subject = subject
        self.records = records
        self.name = records == 1 ? name : nil
        self.cannotBeUndone = cannotBeUndone
    }
}

extension WriteEffect {
    /// The effect of some writes of one verb and type; nil for what writes nothing.
    init?(_ writes: [Operation], _ paths: Paths) {
        guard let first = writes.first else { return nil }
        let subject = ObjectType.canonical(first.type?.name ?? "records")
        func of(_ action: Action, name: String? = first.record?.value, cannotBeUndone: Bool = false) -> WriteEffect {
            WriteEffect(action, subject, writes.count, name: name, cannotBeUndone: cannotBeUndone)
        }
        switch first.verb {
        case .read: return nil
        case .create: self = of(.create, name: nil)
        case .update: self = of(.update)
        case .upsert: self = of(.upsert)
        case .archive: self = of(.delete)
        case .gdprDelete: self = of(.gdprDelete, cannotBeUndone: true)
        case .merge:
            self = of(
                .merge, name: first.other.map { "\($0.id) into \(first.record?.value ?? "")" }, cannotBeUndone: true)
        case .link: self = WriteEffect(.link, "links", writes.count)
        case .unlink: self = WriteEffect(.unlink, "links", writes.count)
        case .element: return nil  // its batch's request says it
        case .other(let request):
            guard let effect = WriteEffect(request) else { return nil }
            self = effect
        }
    }

    /// The effect of a request that is spelled out; nil for one that reads.
    ///
    /// - Parameter records: How many elements a batch holds; nil: the body says it.
    init?(_ request: APIRequest, records: Int? = nil) {
        guard let rules = try? RequestRules(request), rules.isWrite,
            let parts = try? RequestRules.segments(of: request.path)
        else { return nil }
        if rules.permission.right == .submit {
            self = WriteEffect(.submit, "forms", 1, name: nil)
            return
        }
        let count = { records ?? Self.elements(of: request) }
        let name = parts.last
        guard request.method == .delete else {
            self = Self.posted(request, parts, area: rules.permission.area, count)
            return
        }
        switch (parts.first, parts.dropFirst().first) {
        case ("crm", "objects") where parts.count >= 5 && parts[4] == "associations", ("crm", "associations"):
            self =
                parts.contains("labels")
                ? WriteEffect(.delete, "association labels", 1, name: name) : WriteEffect(.unlink, "links", 1)
        case ("crm", "properties") where !parts.contains("groups"):
            self = WriteEffect(.delete, "properties", 1, name: name, cannotBeUndone: true)
        case ("crm", "pipelines"):
            self = WriteEffect(
                .delete, parts.contains("stages") ? "pipeline stages" : "pipelines", 1, name: name, cannotBeUndone: true
            )
        case ("crm", "lists") where parts.count == 3:
            self = WriteEffect(.delete, "lists", 1, name: name, cannotBeUndone: true)
        case ("crm", "schemas") where parts.count == 3, ("crm-object-schemas", _) where parts.count == 3:
            self = WriteEffect(.delete, "schemas", 1, name: name, cannotBeUndone: true)
        case ("files", "files"):
            let file = parts.count > 2 ? parts[2] : nil
            self = WriteEffect(.delete, "files", 1, name: file, cannotBeUndone: true)
        default: self = WriteEffect(.delete, rules.permission.area, 1, name: name)
        }
    }

    private static func posted(
        _ request: APIRequest, _ parts: [String], area: String, _ count: () -> Int
    ) -> WriteEffect {
        let isProperties = parts.prefix(2) == ["crm", "properties"]
        switch parts.last {
        case "gdpr-delete": return WriteEffect(.gdprDelete, area, 1, cannotBeUndone: true)
        case "merge": return WriteEffect(.merge, area, 1, cannotBeUndone: true)
        case "archive" where parts.contains("batch"):
            if parts.prefix(2) == ["crm", "associations"] { return WriteEffect(.unlink, "links", count()) }
            return WriteEffect(.delete, area, count(), cannotBeUndone: isProperties)
        case "create" where parts.contains("batch"): return WriteEffect(.create, area, count())
        case "update" where parts.contains("batch"): return WriteEffect(.update, area, count())
        case "upsert" where parts.contains("batch"): return WriteEffect(.upsert, area, count())
        default: return WriteEffect(.write, area, count())
        }
    }

    /// How many elements a batch's body holds, or how many ids a list's membership takes; 1 for anything else.
    private static func elements(of request: APIRequest) -> Int {
        guard let body = request.body, !body.isEmpty else { return 1 }
        let json = JSONSlice(body)
        return max(1, (json.field("inputs") ?? json).elements()?.count ?? 1)
    }
}
