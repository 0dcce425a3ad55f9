extension CRMObjects {
    /// One record to be written by a batch.
    public struct BatchWrite: Sendable {
        public var record: RecordReference?
        public var properties: PropertyBag
        /// For a create: a list as HubSpot's `[{ to: { id }, types: [...] }]`.
        public var associations: JSONSlice?

        public init(_ record: RecordReference? = nil, _ properties: PropertyBag, associations: JSONSlice? = nil) {
            self.record = record
            self.properties = properties
            self.associations = associations
        }
    }

    /// Reads any number of records. One that does not exist is a failure of kind `notFound`.
    /// Source: `POST /crm/objects/{version}/{type}/batch/read`; associations cannot be read so.
    public func read(_ records: [RecordReference], _ options: ReadOptions = ReadOptions()) async -> BatchOutcome {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        let inputs = records.enumerated().map { BatchInput(index: $0.offset, record: $0.element) }
        for (idProperty, group) in grouped(inputs) {
            let round = BatchInput.rounds(of: group, keepingDoubles: false)[0]
            if let idProperty, idProperty != "email", options.properties.isEmpty {
                // Answers are told apart by the property, and to name it is to lose HubSpot's default properties: so
                // the ids come first, then the records by their ids.
                let ids = await run(
                    round,
                    ReadBatch(
                        options: ReadOptions(properties: [idProperty], archived: options.archived),
                        idProperty: idProperty))
                let (known, failures) = resolved(round, ids)
                verdicts.merge(failures) { $1 }
                verdicts.merge(await run(known, ReadBatch(options: options, idProperty: nil))) { $1 }
            } else {
                verdicts.merge(await run(round, ReadBatch(options: options, idProperty: idProperty))) { $1 }
            }
        }
        return BatchOutcome(verdicts)
    }

    /// Creates any number of records. A bad one fails alone.
    public func create(_ records: [BatchWrite]) async -> BatchOutcome {
        let inputs = inputs(of: records)
        // Two of one address: the first is created, the second is told of it.
        return await inOrder(inputs) {
            await settling(inputs, "create") { await inRounds($0) { await run($0, CreateBatch()) } }
        }
    }

    /// Updates any number of records. Those named by a property are looked up first, since HubSpot's batch wants ids.
    public func update(_ records: [BatchWrite]) async -> BatchOutcome {
        let inputs = inputs(of: records)
        return await inOrder(inputs) {
            await settling(inputs, "update") {
                await inRounds($0) { round in
                    var (known, verdicts) = await self.known(round)
                    verdicts.merge(await run(known, UpdateBatch())) { $1 }
                    return verdicts
                }
            }
        }
    }

    /// Moves any number of records to the recycle bin and answers `{ id, archived }` for each. HubSpot does not say
    /// which ids did not exist.
    public func archive(_ records: [RecordReference]) async -> BatchOutcome {
        let inputs = records.enumerated().map { BatchInput(index: $0.offset, record: $0.element) }
        var (known, verdicts) = await self.known(BatchInput.rounds(of: inputs, keepingDoubles: false)[0])
        known = BatchInput.rounds(of: known, keepingDoubles: false)[0]
        return await inOrder(known) {
            verdicts.merge(await run(known, ArchiveBatch())) { $1 }
            return BatchOutcome(verdicts)
        }
    }

    /// Updates or creates any number of records, each known by a property whose values are unique.
    ///
    /// Contacts by email are read first, then updated by id or created, since HubSpot's batch/upsert does not promise
    /// to keep the properties that are left out; `whole` says that the properties given are all that matters.
    public func upsert(_ records: [BatchWrite], whole: Bool = false) async -> BatchOutcome {
        let inputs = inputs(of: records)
        return await inOrder(inputs) {
            await settling(inputs, "upsert") { await inRounds($0) { await upsertRound($0, whole: whole) } }
        }
    }

    /// Upserts inputs of which no two name the same record.
    private func upsertRound(_ inputs: [BatchInput], whole: Bool) async -> [Int: Result<JSONSlice, HubSpotError>] {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for (idProperty, group) in grouped(inputs) {
            guard let idProperty else {
                verdicts.merge(await run(group, UpdateBatch())) { $1 }
                continue
            }
            if idProperty == "email", !whole {
                verdicts.merge(await upsertByEmail(group)) { $1 }
            } else {
                verdicts.merge(await run(group, UpsertBatch(idProperty: idProperty))) { $1 }
            }
        }
        return verdicts
    }

    private func upsertByEmail(_ inputs: [BatchInput]) async -> [Int: Result<JSONSlice, HubSpotError>] {
        if let plan = WritePlan.current {
            let size = ReadBatch(options: ReadOptions(), idProperty: "email").size
            plan.count(
                "\(ObjectType.canonical(type.name)).read", records: inputs.count,
                requests: (inputs.count + size - 1) / size, lanes: [.burst, .day], isWrite: false)
            return await run(inputs, UpsertBatch(idProperty: "email"))
        }
        // What the read does not find is created; an address that it missed comes back as a conflict with the id.
        let found = await run(inputs, ReadBatch(options: ReadOptions(), idProperty: "email", asksAgain: false))
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        var updates: [BatchInput] = []
        var creates: [BatchInput] = []
        for var input in inputs {
            switch found[input.index] {
            case .success(let record)?:
                input.properties["email"] = nil
                if input.properties.isEmpty {
                    verdicts[input.index] = .success(record)
                } else {
                    input.record = record.recordID.map { .id($0) }
                    updates.append(input)
                }
            case .failure(let error)? where error.kind != .notFound: verdicts[input.index] = .failure(error)
            case .failure?, nil:
                if input.properties["email"] == nil { input.properties["email"] = input.record?.value }
                creates.append(input)
            }
        }
        verdicts.merge(await run(updates, UpdateBatch())) { $1 }
        for index in verdicts.keys { verdicts[index] = verdicts[index]?.map { $0.markedNew(false) } }
        for (index, verdict) in await run(creates, CreateBatch()) {
            switch verdict {
            case .success(let record):
                verdicts[index] = .success(record.markedNew(true))
            case .failure(let error) where error.kind == .conflict:
                guard let input = inputs.first(where: { $0.index == index }), let key = input.record else { continue }
                let existing = error.existingID.map { RecordReference.id($0) } ?? key
                var others = input.properties
                others["email"] = nil
                do {
                    let record = try await others.isEmpty ? plainGet(existing) : plainUpdate(existing, others)
                    verdicts[index] = .success(record.markedNew(false))
                } catch {
                    verdicts[index] = .failure(error)
                }
            case .failure: verdicts[index] = verdict
            }
        }
        return verdicts
    }

    // MARK: Rounds and references

    private func inputs(of records: [BatchWrite]) -> [BatchInput] {
        records.enumerated().map { place, record in
            var record = record
            record.properties = record.properties.tidied(for: type)
            return BatchInput(index: place, write: record)
        }
    }

    /// Runs `body` once the earlier writes to any of the records are finally answered; what is called meanwhile waits.
    private func inOrder(_ inputs: [BatchInput], _ body: () async -> BatchOutcome) async -> BatchOutcome {
        let keys = inputs.compactMap { input in
            input.record == nil && !type.isContacts ? nil : input.key.map { WriteOrder.Key(type, $0) }
        }
        return await session.inOrder(keys, inputs.map(\.index), body)
    }

    /// Runs the first of each double, then the second of each, and so on: two writes to one record go in the list's
    /// order. The record that is answered is the last one's, at the first one's place.
    private func inRounds(
        _ inputs: [BatchInput], _ body: ([BatchInput]) async -> [Int: Result<JSONSlice, HubSpotError>]
    ) async -> BatchOutcome {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        var places: [RecordReference: Int] = [:]
        let keys = Dictionary(inputs.map { ($0.index, $0.key) }, uniquingKeysWith: { first, _ in first })
        var hasSucceeded = false
        for round in BatchInput.rounds(of: inputs, keepingDoubles: true) {
            for (index, verdict) in await body(round) {
                guard case .success = verdict, let key = keys[index] ?? nil else {
                    verdicts[index] = verdict
                    continue
                }
                hasSucceeded = true
                if let place = places[key] {
                    verdicts[place] = verdict
                } else {
                    places[key] = index
                    verdicts[index] = verdict
                }
            }
            // The following rounds meet what stopped this one.
            if !hasSucceeded, let stop = BatchOutcome(verdicts).sessionFailure, stop.endsBatch {
                for input in inputs where verdicts[input.index] == nil { verdicts[input.index] = .failure(stop) }
                break
            }
        }
        return BatchOutcome(verdicts)
    }

    /// The inputs by their id property, in the order in which the properties first occur.
    private func grouped(_ inputs: [BatchInput]) -> [(idProperty: String?, inputs: [BatchInput])] {
        var groups: [(idProperty: String?, inputs: [BatchInput])] = []
        for input in inputs {
            if let place = groups.firstIndex(where: { $0.idProperty == input.record?.idProperty }) {
                groups[place].inputs.append(input)
            } else {
                groups.append((input.record?.idProperty, [input]))
            }
        }
        return groups
    }

    /// The inputs with their references turned into ids, and what went wrong with the others.
    private func known(_ inputs: [BatchInput]) async -> (
        known: [BatchInput], failures: [Int: Result<JSONSlice, HubSpotError>]
    ) {
        var known: [BatchInput] = []
        var failures: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for (idProperty, group) in grouped(inputs) {
            guard let idProperty else {
                known += group
                continue
            }
            let options = ReadOptions(properties: [idProperty])
            let ids = await run(group, ReadBatch(options: options, idProperty: idProperty))
            let (found, missing) = resolved(group, ids)
            known += found
            failures.merge(missing) { $1 }
        }
        return (known, failures)
    }

    private func resolved(_ inputs: [BatchInput], _ verdicts: [Int: Result<JSONSlice, HubSpotError>]) -> (
        [BatchInput], [Int: Result<JSONSlice, HubSpotError>]
    ) {
        var known: [BatchInput] = []
        var failures: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for var input in inputs {
            switch verdicts[input.index] {
            case .success(let record)?:
                input.record = record.recordID.map { .id($0) }
                known.append(input)
            case let failure?: failures[input.index] = failure
            case nil: break
            }
        }
        return (known, failures)
    }
}
