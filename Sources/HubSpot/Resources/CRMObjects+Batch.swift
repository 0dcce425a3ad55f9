public import JSON

extension CRMObjects {
    /// What became of the elements of a list, by their places in it.
    typealias Verdicts = [Int: Result<JSONSlice, HubSpotError>]

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
    /// Source: `POST /crm/objects/{version}/{type}/batch/read`, which knows no links: these are asked for afterwards.
    public func read(_ records: [RecordReference], _ options: ReadOptions = ReadOptions()) async -> BatchOutcome {
        guard options.associations.isEmpty else {
            var plain = options
            plain.associations = []
            var outcome = await read(records, plain)
            do throws(HubSpotError) {
                let whole = try await linked(outcome.successes.map(\.record), to: options.associations)
                for (index, record) in whole.enumerated() { outcome.successes[index].record = record }
                return outcome
            } catch {
                outcome.failures += outcome.successes.map { .init(index: $0.index, error: error) }
                outcome.failures.sort { $0.index < $1.index }
                outcome.successes = []
                return outcome
            }
        }
        var verdicts: Verdicts = [:]
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
            await settling(inputs, "create") { inputs in
                BatchOutcome(once(inputs, await inRounds(inputs) { await run($0, CreateBatch()) }))
            }
        }
    }

    /// Updates any number of records. Those named by a property are looked up first, since HubSpot's batch wants ids.
    public func update(_ records: [BatchWrite]) async -> BatchOutcome {
        let inputs = inputs(of: records)
        return await inOrder(inputs) {
            await settling(inputs, "update") { inputs in
                let (known, failures) = await identified(inputs)
                return BatchOutcome(once(inputs, failures.merging(await updates(known)) { $1 }))
            }
        }
    }

    /// Moves any number of records to the recycle bin and answers `{ id, archived }` for each. HubSpot does not say
    /// which ids did not exist.
    public func archive(_ records: [RecordReference]) async -> BatchOutcome {
        let inputs = records.enumerated().map { BatchInput(index: $0.offset, record: $0.element) }
        var (known, verdicts) = await identified(BatchInput.rounds(of: inputs, keepingDoubles: false)[0])
        known = BatchInput.rounds(of: known, keepingDoubles: false)[0]
        return await inOrder(known) {
            verdicts.merge(await run(known, ArchiveBatch())) { $1 }
            return BatchOutcome(verdicts)
        }
    }

    // MARK: Rounds and references

    func inputs(of records: [BatchWrite]) -> [BatchInput] {
        records.enumerated().map { place, record in
            var record = record
            record.properties = record.properties.tidied(for: type)
            return BatchInput(index: place, write: record)
        }
    }

    /// Runs `body` once the earlier writes to any of the records are finally answered; what is called meanwhile waits.
    func inOrder(_ inputs: [BatchInput], _ body: () async -> BatchOutcome) async -> BatchOutcome {
        let keys = inputs.compactMap { input in
            input.record == nil && !type.isContacts ? nil : input.key.map { WriteOrder.Key(type, $0) }
        }
        return await session.inOrder(keys, inputs.map(\.index), body)
    }

    /// Runs the first of each double, then the second of each, and so on: two writes to one record go in the list's
    /// order.
    func inRounds(_ inputs: [BatchInput], _ body: ([BatchInput]) async -> Verdicts) async -> Verdicts {
        await inTurn(BatchInput.rounds(of: inputs, keepingDoubles: true), of: inputs, body)
    }

    /// Runs stretches of the list that hold no double, one after the other: for inputs of which two may be one record
    /// although their keys do not say so.
    func inStretches(_ inputs: [BatchInput], _ body: ([BatchInput]) async -> Verdicts) async -> Verdicts {
        await inTurn(BatchInput.stretches(of: inputs), of: inputs, body)
    }

    private func inTurn(
        _ parts: [[BatchInput]], of inputs: [BatchInput], _ body: ([BatchInput]) async -> Verdicts
    ) async -> Verdicts {
        var verdicts: Verdicts = [:]
        for part in parts where !part.isEmpty {
            verdicts.merge(await body(part)) { $1 }
            // The following parts meet what stopped this one.
            if let stop = BatchOutcome(verdicts).unsent {
                for input in inputs where verdicts[input.index] == nil { verdicts[input.index] = .failure(stop) }
                break
            }
        }
        return verdicts
    }

    /// The verdicts with one success for each key: the last one's record, which is how the writes have left it, at the
    /// first one's place.
    func once(_ inputs: [BatchInput], _ verdicts: Verdicts) -> Verdicts {
        var verdicts = verdicts
        var places: [RecordReference: Int] = [:]
        for input in inputs {
            guard let key = input.key, case .success(let record)? = verdicts[input.index] else { continue }
            if let place = places[key] {
                verdicts[place] = .success(record)
                verdicts[input.index] = nil
            } else {
                places[key] = input.index
            }
        }
        return verdicts
    }

    /// Updates records known by their ids, two changes of one record in the list's order.
    ///
    /// An id that was merged into another record is left out of a batch's answer, and updated by itself afterwards. Where
    /// the list names that record by its present id too, its changes are made once more in the list's order, so that the
    /// last one stays.
    func updates(_ inputs: [BatchInput]) async -> Verdicts {
        var verdicts = await inRounds(inputs) { await run($0, UpdateBatch()) }
        var names: [String: [BatchInput]] = [:]
        for input in inputs {
            guard case .success(let record)? = verdicts[input.index], let id = record.recordID else { continue }
            names[id, default: []].append(input)
        }
        for (id, group) in names where Set(group.map(\.record)).count > 1 {
            guard let late = group.firstIndex(where: { $0.record != .id(id) }) else { continue }
            for input in group[late...] {
                do throws(HubSpotError) {
                    verdicts[input.index] = .success(try await plainUpdate(.id(id), input.properties))
                } catch {
                    verdicts[input.index] = .failure(error)
                }
            }
        }
        return verdicts
    }

    /// The inputs by their id property, in the order in which the properties first occur.
    func grouped(_ inputs: [BatchInput]) -> [(idProperty: String?, inputs: [BatchInput])] {
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
    private func identified(_ inputs: [BatchInput]) async -> (known: [BatchInput], failures: Verdicts) {
        var verdicts: [RecordReference: Result<JSONSlice, HubSpotError>] = [:]
        for (idProperty, group) in grouped(BatchInput.rounds(of: inputs, keepingDoubles: false)[0]) {
            guard let idProperty else { continue }
            let options = ReadOptions(properties: [idProperty])
            let found = await run(group, ReadBatch(options: options, idProperty: idProperty))
            for input in group { if let key = input.key { verdicts[key] = found[input.index] } }
        }
        var known: [BatchInput] = []
        var failures: Verdicts = [:]
        for var input in inputs {
            guard input.record?.idProperty != nil else {
                known.append(input)
                continue
            }
            switch input.key.flatMap({ verdicts[$0] }) {
            case .success(let record)?:
                input.record = record.recordID.map { .id($0) }
                known.append(input)
            case .failure(let error)?: failures[input.index] = .failure(error)
            case nil: failures[input.index] = .failure(.missing(input, self))
            }
        }
        return (known, failures)
    }

    private func resolved(_ inputs: [BatchInput], _ verdicts: Verdicts) -> (
        [BatchInput], Verdicts
    ) {
        var known: [BatchInput] = []
        var failures: Verdicts = [:]
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
