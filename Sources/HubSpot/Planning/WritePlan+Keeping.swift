import HTTPTypes
import JSON

/// How a plan keeps the writes that would be sent. What depends on the portal is asked at once, for all that travel
/// together: which record an address names. A write that HubSpot would refuse is noted and not kept.
extension WritePlan {
    /// - Parameter request: The one that would carry them.
    func keep(_ operations: [Operation], by request: APIRequest?, in session: Session) async throws(HubSpotError) {
        guard keeper.keepsLines else { return number(operations) }
        let meant = Self.meant(operations, request, session.paths)
        guard keeper.takes(session) else {
            for operation in meant {
                pass(over: operation, session, "OTHER_PORTAL", "it writes to another portal than the rest of the plan")
            }
            return
        }
        let known = try await WritePlan.uncounted { () async throws(HubSpotError) in
            try await located(meant, session)
        }
        var required: RequiredProperties?
        if let first = meant.first, case .upsert = first.verb, let type = first.type {
            required = await CRMObjects(type, session: session).required(of: meant.map(\.whole))
        }
        let unique = await uniqueNames(meant, session)
        for operation in meant { keep(operation, known, required, unique, session) }
    }

    /// Gives ids to what writes would create that are counted and not kept, and knows its values.
    private func number(_ operations: [Operation]) {
        for operation in operations {
            guard operation.mayCreate else {
                if case .update = operation.verb,
                    let id = operation.record.flatMap({ plannedNumber(of: $0, operation) })
                {
                    keeper.change(id, operation.properties)
                }
                continue
            }
            let number = keeper.nextNumber()
            operation.entry?.plannedID = keeper.id(number)
            let keys = operation.type.flatMap { type in operation.recordName.map { WriteOrder.Key(type, $0) } }
            keeper.make(number, operation.whole, [keys].compactMap(\.self))
        }
    }

    /// The write that creates the record that is meant.
    private func plannedNumber(of record: RecordReference, _ operation: Operation) -> Int64? {
        guard record.idProperty != nil else { return keeper.number(of: record.value) }
        return operation.type.flatMap { keeper.line(making: WriteOrder.Key($0, record)) }
    }

    /// The properties whose values are a record's alone, where records are created.
    private func uniqueNames(_ operations: [Operation], _ session: Session) async -> [String] {
        guard let type = operations.first?.type, operations.contains(where: \.mayCreate) else { return [] }
        let names = try? await WritePlan.uncounted { () async throws(HubSpotError) in
            try await CRMObjects(type, session: session).uniqueProperties()
        }
        return names ?? []
    }

    /// A write that HubSpot would refuse: what it would have made has a name all the same, so that the script goes on.
    func pass(over operation: Operation) {
        guard operation.mayCreate else { return }
        let number = keeper.nextNumber()
        keeper.refuse(number)
        operation.entry?.plannedID = keeper.id(number)
    }

    private func pass(over operation: Operation, _ session: Session, _ code: String, _ message: String) {
        let request = operation.request(session.paths)
        let name = operation.planName ?? (try? RequestRules(request))?.planName(request) ?? request.summary
        refuse(name, operation.shownName, [(property: nil, code: code, message: message)])
        pass(over: operation)
    }

    /// What the operations of a request mean: one that is spelled out is what it says of records. The elements of a batch that are no records stay one request.
    private static func meant(
        _ operations: [Operation], _ request: APIRequest?, _ paths: Paths
    ) -> [Operation] {
        let meant = operations.map { operation -> Operation in
            guard case .element = operation.verb, var meaning = operation.entry?.meaning else { return operation }
            meaning.entry = operation.entry
            return meaning
        }
        if meant.count == 1, case .other(let request) = meant[0].verb {
            if let writes = SpelledOut.writes(request) { return writes }
            guard var write = SpelledOut.write(request, paths) else { return meant }
            write.entry = meant[0].entry
            return [write]
        }
        guard let request, let first = meant.first, case .element = first.verb else { return meant }
        return [Operation(.other(request))]
    }

    // MARK: Which records are meant

    /// The ids of the records that are named otherwise, by their keys. A name that no record has is missing.
    private func located(
        _ operations: [Operation], _ session: Session
    ) async throws(HubSpotError) -> [WriteOrder.Key: String] {
        guard let type = operations.first?.type else { return [:] }
        var references: [RecordReference] = []
        var seen: Set<WriteOrder.Key> = []
        for operation in operations {
            guard let name = operation.recordName else { continue }
            let key = WriteOrder.Key(type, name)
            if keeper.line(making: key) == nil, seen.insert(key).inserted { references.append(name) }
        }
        guard !references.isEmpty else { return [:] }
        let outcome = await CRMObjects(type, session: session).read(
            references, ReadOptions(properties: ["hs_object_id"]))
        for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
        var known: [WriteOrder.Key: String] = [:]
        for success in outcome.successes {
            known[WriteOrder.Key(type, references[success.index])] = success.record.recordID
        }
        return known
    }

    // MARK: One write

    /// - Parameters:
    ///   - required: What an upsert has to have that turns out to make a record.
    ///   - unique: The names of properties that a new record is known by as well.
    private func keep(
        _ given: Operation, _ known: [WriteOrder.Key: String], _ required: RequiredProperties?, _ unique: [String],
        _ session: Session
    ) {
        var operation = given
        var key: WriteOrder.Key?
        if let type = given.type, let name = given.recordName {
            let named = WriteOrder.Key(type, name)
            key = named
            let planned = keeper.line(making: named)
            let id = planned.map { keeper.id($0) } ?? known[named]
            switch given.verb {
            case .create:
                if let id {
                    let whose = planned.map { "line \($0) of the plan makes" } ?? "record \(id) is"
                    return pass(
                        over: given, session, "OBJECT_ALREADY_EXISTS",
                        "\(whose) a \(type.noun) with \(name.value) already")
                }
            case .upsert:
                if id == nil, let problems = required?.problems(of: given.whole, type), !problems.isEmpty {
                    if let name = given.planName { refuse(name, given.shownName, problems) }
                    return pass(over: given)
                }
                guard case .upsert(isWhole: false) = given.verb else {
                    given.entry?.plannedID = id
                    break
                }
                operation.verb = id == nil ? .create : .update
                operation.properties = id == nil ? given.whole : given.changes
                operation.record = id.map { .id($0) }
                given.entry?.plannedID = id
                if id != nil, given.changes.isEmpty { return }
            default:
                guard let id else {
                    return pass(over: given, session, "OBJECT_NOT_FOUND", "there is no \(type.noun) with \(name.value)")
                }
                operation.record = .id(id)
                given.entry?.plannedID = id
            }
        }
        let line: PlannedWrite
        do throws(Unkeepable) { line = try self.line(operation, session) } catch {
            return pass(over: given, session, "NOT_IN_PLAN", error.reason)
        }
        if let missing = line.depends.first(where: { !keeper.isKept($0) }) {
            return pass(
                over: given, session, "DEPENDS_ON_REFUSED",
                keeper.isRefused(missing)
                    ? "it needs a record whose creation would be refused"
                    : "\(keeper.id(missing)) names nothing that the plan makes")
        }
        // Where an id stands, a text that looks like a placeholder is no id.
        if let other = line.namedAsIDs.first {
            return pass(
                over: given, session, "OBJECT_NOT_FOUND", "\(Placeholder(other).text) names nothing that the plan makes"
            )
        }
        var kept = line
        kept.n = keeper.nextNumber()
        if case .upsert = operation.verb, let key { kept.id = known[key] }
        if operation.mayCreate, given.entry?.plannedID == nil {
            given.entry?.plannedID = keeper.id(kept.n)
        }
        keeper.add(kept)
        if case .update = operation.verb, let number = operation.record.flatMap({ keeper.number(of: $0.value) }) {
            keeper.change(number, operation.properties)
        } else if operation.mayCreate, kept.id == nil {
            let whole = operation.whole
            let others = given.type.map { type in
                unique.compactMap { name in
                    whole[name].flatMap {
                        $0.isEmpty ? nil : WriteOrder.Key(type, RecordReference($0, idProperty: name))
                    }
                }
            }
            keeper.make(kept.n, whole, [key].compactMap(\.self) + (others ?? []))
        }
    }

    private struct Unkeepable: Error { var reason: String }

    private func line(_ operation: Operation, _ session: Session) throws(Unkeepable) -> PlannedWrite {
        let request = operation.request(session.paths)
        guard request.hasPlainHeaders else {
            throw Unkeepable(
                reason: "a request with headers of its own, or with a body that is no JSON, fits into no plan")
        }
        let intent = WriteIntent(operation, carriedBy: request, in: session)
        guard intent.path == request.target, intent.body.map({ $0 == request.body ?? [] }) ?? (request.body == nil)
        else {
            throw Unkeepable(reason: "it holds a secret, which no plan may keep")
        }
        var body = intent.body.flatMap { $0.isEmpty ? nil : JSONSlice($0) }
        if let text = body {
            guard let parsed = JSONValue(parsing: text.bytes) else {
                throw Unkeepable(reason: "its body is no JSON, and fits into no plan")
            }
            if text.bytes.contains(where: { $0 < 0x20 }) { body = JSONSlice(parsed.bytes) }
        }
        var line = PlannedWrite(
            n: 0, method: intent.method, path: intent.path, type: intent.type, id: intent.id, before: nil, body: body,
            depends: [])
        line.depends = Placeholder.lines(inPath: line.path, tag: keeper.tag)
            .union(body.map { Placeholder.lines(in: $0, tag: keeper.tag) } ?? []).sorted()
        return line
    }
}

extension Operation {
    /// What names its record beside an id: the address of a new contact, or the value of a property.
    fileprivate var recordName: RecordReference? {
        switch verb {
        case .create:
            guard let type, type.isContacts, let address = properties["email"], !address.isEmpty else { return nil }
            return .email(address)
        case .update, .upsert, .archive, .gdprDelete: return record.flatMap { $0.idProperty == nil ? nil : $0 }
        default: return nil
        }
    }
}

extension ObjectType {
    /// The noun for one record of it.
    var noun: String { ObjectType.singular(name).replacing("_", with: " ") }
}
