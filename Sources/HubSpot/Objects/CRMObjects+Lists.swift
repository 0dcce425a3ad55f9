package import JSON

extension CRMObjects {
    /// One record to be written by a batch.
    package struct BatchWrite: Sendable {
        package var record: RecordReference?
        package var properties: PropertyBag
        /// For a create: a list as HubSpot's `[{ to: { id }, types: [...] }]`.
        package var associations: JSONSlice?

        package init(_ record: RecordReference? = nil, _ properties: PropertyBag, associations: JSONSlice? = nil) {
            self.record = record
            self.properties = properties
            self.associations = associations
        }
    }

    /// Reads any number of records. One that does not exist is a failure of kind `notFound`.
    /// Source: `POST /crm/objects/{version}/{type}/batch/read`, which knows no links: these are asked for afterwards.
    package func read(_ records: [RecordReference], _ options: ReadOptions = ReadOptions()) async -> BatchOutcome {
        guard let plan = WritePlan.current else { return await readSent(records, options) }
        // Records that the plan makes are known to nobody else.
        let places = records.indices.filter { plan.keeper.number(of: records[$0].value) == nil }
        var outcome = await readSent(places.map { records[$0] }, options)
        for index in outcome.successes.indices {
            outcome.successes[index].index = places[outcome.successes[index].index]
        }
        for index in outcome.failures.indices { outcome.failures[index].index = places[outcome.failures[index].index] }
        let missing = Set(outcome.failures.filter { $0.error.kind == .notFound }.map(\.index))
        for place in records.indices where missing.contains(place) || !places.contains(place) {
            if let planned = plan.keeper.record(type, records[place]) {
                outcome.failures.removeAll { $0.index == place }
                outcome.successes.append(.init(index: place, record: planned))
            } else if !missing.contains(place) {
                let error = HubSpotError(.notFound, "the plan makes no \(type.noun) \(records[place].value)")
                outcome.failures.append(.init(index: place, error: error))
            }
        }
        outcome.successes.sort { $0.index < $1.index }
        outcome.failures.sort { $0.index < $1.index }
        return outcome
    }

    private func readSent(_ records: [RecordReference], _ options: ReadOptions) async -> BatchOutcome {
        guard options.associations.isEmpty else {
            var plain = options
            plain.associations = []
            var outcome = await readSent(records, plain)
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
        let pipeline = WritePipeline(session: session)
        var verdicts: Verdicts = [:]
        let all = records.enumerated().map { Operation(.read(options), type, $0.element).at($0.offset) }
        for (idProperty, group) in all.byProperty {
            var reads = group.firsts
            if let idProperty, idProperty != "email", options.properties.isEmpty {
                // Answers are told apart by the property, and to name it is to lose HubSpot's default properties: so
                // the ids come first, then the records by their ids.
                let (known, failures) = await pipeline.identified(reads, archived: options.archived)
                verdicts.merge(failures) { $1 }
                reads = known
            }
            guard let first = reads.first else { continue }
            verdicts.merge(await pipeline.run(reads, pipeline.form(of: first), .send)) { $1 }
        }
        return BatchOutcome(verdicts)
    }

    /// Creates any number of records. A bad one fails alone.
    package func create(_ records: [BatchWrite]) async -> BatchOutcome {
        let pipeline = WritePipeline(session: session)
        // Two of one address: the first is created, the second is told of it.
        return await pipeline.perform(writes(.create, records)) { writes, disposition, _ in
            pipeline.once(
                writes,
                await pipeline.inTurn(writes.rounds) { await pipeline.run($0, pipeline.form(of: $0[0]), disposition) })
        }
    }

    /// Updates any number of records. Those named by a property are looked up first, since HubSpot's batch wants ids.
    package func update(_ records: [BatchWrite]) async -> BatchOutcome {
        let pipeline = WritePipeline(session: session)
        return await pipeline.perform(writes(.update, records)) { writes, disposition, _ in
            let (known, failures) = await pipeline.identified(writes)
            let verdicts = await pipeline.updates(known, disposition)
            return pipeline.once(writes, failures.merging(verdicts) { $1 })
        }
    }

    /// Updates or creates any number of records, each known by a property whose values are unique.
    ///
    /// Rows of one contact are applied in the list's order, whichever of its addresses they name.
    /// - Parameter whole: The properties given are all that matters: HubSpot's own upsert is used, which for contacts
    ///   known by email may clear the others.
    package func upsert(_ records: [BatchWrite], whole: Bool = false) async -> BatchOutcome {
        var outcome = BatchOutcome([:])
        for (_, group) in writes(.upsert(isWhole: whole), records).byProperty {
            outcome = outcome.adding(await upsert(group))
        }
        return outcome
    }

    private func upsert(_ writes: [Operation]) async -> BatchOutcome {
        let pipeline = WritePipeline(session: session)
        guard let first = writes.first, first.record?.idProperty != nil else {
            return await pipeline.perform(
                writes.map { write in
                    var update = write
                    update.verb = .update
                    return update
                }
            ) { writes, disposition, _ in pipeline.once(writes, await pipeline.updates(writes, disposition)) }
        }
        return await pipeline.perform(writes) { writes, disposition, turn in
            let verdicts: Verdicts
            if !first.isLookedUp {
                verdicts = await pipeline.inTurn(writes.stretches) {
                    await pipeline.run($0, pipeline.form(of: first), disposition)
                }
            } else if let plan = disposition.plan {
                // Which of the addresses are known is not asked: either way it is a look-up and a write.
                verdicts = await pipeline.inTurn(writes.rounds) { round in
                    let form = pipeline.form(of: first)
                    plan.countLookUp(of: round.count, in: (round.count + form.size - 1) / form.size, type)
                    return await pipeline.run(round, form, disposition)
                }
            } else {
                verdicts = await Upsert(pipeline, writes, disposition, turn).run()
            }
            return pipeline.once(writes, verdicts)
        }
    }

    /// Moves any number of records to the recycle bin and answers `{ id, archived }` for each. HubSpot does not say
    /// which ids did not exist.
    package func archive(_ records: [RecordReference]) async -> BatchOutcome {
        let pipeline = WritePipeline(session: session)
        let all = records.enumerated().map { Operation(.archive, type, $0.element).at($0.offset) }
        let (known, failures) = await pipeline.identified(all.firsts)
        let outcome = await pipeline.perform(known.firsts) { writes, disposition, _ in
            await pipeline.run(writes, pipeline.form(of: writes[0]), disposition)
        }
        return outcome.adding(BatchOutcome(failures))
    }

    private func writes(_ verb: Operation.Verb, _ records: [BatchWrite]) -> [Operation] {
        records.enumerated().map { place, record in
            var write = Operation(verb, type, record.record, record.properties.tidied(for: type)).at(place)
            write.associations = record.associations
            return write
        }
    }
}
