import JSON
import Wire

extension CRMObjects {
    // MARK: What may travel together

    /// Nil where a read means something else in a batch, or cannot be told apart in its answer.
    func kind(reading record: RecordReference, _ options: ReadOptions) -> BatchKind? {
        guard options.associations.isEmpty, mayBatch(.read), isBatchable(record) else { return nil }
        return BatchKind(type, .read(options, idProperty: record.idProperty))
    }

    func kind(updating record: RecordReference, _ properties: PropertyBag) -> BatchKind? {
        // An update without properties is refused by itself, which a batch does not say.
        guard record.idProperty == nil, !properties.isEmpty, mayBatch(.write), isBatchable(record) else { return nil }
        return BatchKind(type, .update(appends: properties.appends))
    }

    func kindOfCreate(_ associations: JSONSlice?) -> BatchKind? {
        associations == nil && mayBatch(.write) ? BatchKind(type, .create) : nil
    }

    func kind(archiving id: RecordReference) -> BatchKind? {
        mayBatch(.write) && isBatchable(id) ? BatchKind(type, .archive) : nil
    }

    /// Contacts by email are looked up first: HubSpot's batch/upsert does not promise to keep what is left out.
    func kind(upserting key: RecordReference, _ properties: PropertyBag, whole: Bool) -> BatchKind? {
        guard let idProperty = key.idProperty, mayBatch(.write), type.isWellFormed else { return nil }
        if idProperty == "email", !whole { return mayBatch(.read) && isBatchable(key) ? BatchKind(type, .lookUp) : nil }
        guard idProperty != "email" || isBatchable(key) else { return nil }
        // Without anything to change it is a read, which answers other properties than a write.
        guard whole || properties.entries.contains(where: { $0.name != idProperty }) else { return nil }
        return BatchKind(type, .upsert(idProperty: idProperty, isWhole: whole, appends: properties.appends))
    }

    private func isBatchable(_ record: RecordReference) -> Bool {
        record.isBatchable && type.isWellFormed && (record.idProperty == nil || type.isContacts)
    }

    /// What the session refuses, or does not send, is told call by call.
    private func mayBatch(_ right: Permission.Right) -> Bool {
        guard session.batcher != nil,
            right == .read || WritePlan.current != nil
                || !session.configuration.isReadOnly && !session.configuration.isDryRun
        else { return false }
        let permissions = session.configuration.permissions
        return permissions == .all || permissions.allows(Permission(ObjectType.canonical(type.name), right))
    }

    // MARK: On the way

    /// Sends a call along with others of its kind; by itself where `kind` is nil or nobody comes along. Its result or
    /// error is the one that `plain` has.
    func batched(
        _ kind: BatchKind?, _ input: BatchInput, _ turn: WriteTurn? = nil,
        plain: () async throws(HubSpotError) -> JSONSlice
    ) async throws(HubSpotError) -> JSONSlice {
        guard let kind, let batcher = session.batcher else { return try await plain() }
        if let plan = WritePlan.current, kind.isWrite {
            await count(plan, planVerb(kind.operation), kind)
            return kind.operation == .archive ? JSONSlice("{}") : Self.given(input.record, input.properties)
        }
        switch await batcher.join(kind, input, turn, { line(kind) }) {
        case .alone(let reservation): return try await reservation.carry(plain)
        case .answered(.success(let record)): return record.asPlain(kind.operation)
        case .answered(.failure(let error)):
            if case .upsert(_, isWhole: false, _) = kind.operation, error.isOfBatch, error.isAboutRecord {
                // Whether an update or a create was refused, and what is in a create's way, only they say.
                return try await plain()
            }
            throw error.asPlain(request(kind.operation, input), wanted(input))
        }
    }

    /// Runs `body` once the earlier writes to the same record are finally answered.
    func inOrder<Value>(
        _ record: RecordReference?, _ body: (WriteTurn?) async throws(HubSpotError) -> Value
    ) async throws(HubSpotError) -> Value {
        guard let record else { return try await body(nil) }
        let turn = try await session.turn(WriteOrder.Key(type, record))
        defer { turn.letGo() }
        return try await body(turn)
    }

    /// Updates the contact that the address names, or creates it, both along with others.
    func upsertByLookingUp(
        _ kind: BatchKind, _ key: RecordReference, _ properties: PropertyBag, _ turn: WriteTurn?
    ) async throws(HubSpotError) -> JSONSlice {
        guard let batcher = session.batcher else { return try await plainUpsert(key, properties) }
        if let plan = WritePlan.current {
            // Which of the addresses are known is not asked: either way it is a look-up and a write.
            await count(plan, "upsert", kind, isLookedUp: true)
            return Self.given(key, properties)
        }
        var others = properties
        others["email"] = nil
        let input = BatchInput(index: 0, record: key)
        var found: JSONSlice?
        switch await batcher.join(kind, input, turn, { line(kind) }) {
        case .alone(let reservation):
            return try await reservation.carry { () async throws(HubSpotError) in
                try await plainUpsert(key, properties)
            }
        case .answered(.success(let record)): found = record
        case .answered(.failure(let error)) where error.kind == .notFound: found = nil
        case .answered(.failure(let error)): throw error.asPlain(request(kind.operation, input), wanted(input))
        }
        if let found, let id = found.recordID {
            do {
                let record = try await others.isEmpty ? found : update(.id(id), others, turn)
                return record.markedNew(false)
            } catch  where error.kind != .notFound {
                var error = error
                if error.request != nil { error.request = request(kind.operation, input) }
                throw error
            } catch {}
        }
        var whole = properties
        if whole["email"] == nil { whole["email"] = key.value }
        do {
            return try await create(whole, turn).markedNew(true)
        } catch  where error.kind == .conflict {
            let existing = error.existingID.map { RecordReference.id($0) } ?? key
            let record = try await others.isEmpty ? get(existing) : update(existing, others, turn)
            return record.markedNew(false)
        }
    }

    private func count(_ plan: WritePlan, _ verb: String, _ kind: BatchKind, isLookedUp: Bool = false) async {
        let line = line(kind)
        await plan.countTogether(
            "\(ObjectType.canonical(type.name)).\(verb)", kind, size: line.size, lanes: line.lanes,
            isLookedUp: isLookedUp, in: session)
    }

    private func planVerb(_ operation: BatchKind.Operation) -> String {
        switch operation {
        case .read, .lookUp: "read"
        case .create: "create"
        case .update: "update"
        case .upsert: "upsert"
        case .archive: "delete"
        case .link: "link"
        }
    }

    private func line(_ kind: BatchKind) -> Batcher.Line {
        switch kind.operation {
        case .read(let options, let idProperty): line(ReadBatch(options: options, idProperty: idProperty))
        case .lookUp: line(ReadBatch(options: ReadOptions(), idProperty: "email"))
        case .create: line(CreateBatch())
        case .update: Batcher.Line(size: UpdateBatch().size, lanes: [.burst, .day]) { await updates($0) }
        case .link: preconditionFailure("links go by LinkBatch")
        case .upsert(let idProperty, let isWhole, _): line(UpsertBatch(idProperty: idProperty, isWhole: isWhole))
        case .archive: line(ArchiveBatch())
        }
    }

    private func line(_ operation: some BatchOperation) -> Batcher.Line {
        Batcher.Line(size: operation.size, lanes: [.burst, .day]) { await run($0, operation) }
    }

    /// What a call for that record alone looks for.
    func wanted(_ input: BatchInput) -> LookedUp? { input.record.map { LookedUp($0, of: type) } }

    /// What the plain call is called in its errors.
    private func request(_ operation: BatchKind.Operation, _ input: BatchInput) -> String {
        let path = session.paths.objects(type.name)
        let one = "\(path)/\(PercentEncoding.encode(input.record?.value ?? ""))"
        return switch operation {
        case .read(let options, _): options.isTooLongForURL ? "POST \(path)/batch/read" : "GET \(one)"
        case .create: "POST \(path)"
        case .archive: "DELETE \(one)"
        case .upsert(_, isWhole: true, _): "POST \(path)/batch/upsert"
        case .lookUp, .update, .upsert, .link: "PATCH \(one)"
        }
    }
}
