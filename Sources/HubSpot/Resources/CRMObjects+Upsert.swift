import JSON

extension CRMObjects {
    /// Updates or creates any number of records, each known by a property whose values are unique.
    ///
    /// Contacts by email are read first, then updated by id or created, since HubSpot's batch/upsert does not promise
    /// to keep the properties that are left out; `whole` says that the properties given are all that matters. Rows of one
    /// contact are applied in the list's order, whichever of its addresses they name.
    public func upsert(_ records: [BatchWrite], whole: Bool = false) async -> BatchOutcome {
        let inputs = inputs(of: records)
        return await inOrder(inputs) {
            await settling(inputs, "upsert") { await upsertInOrder($0, whole: whole) }
        }
    }

    private func upsertInOrder(_ inputs: [BatchInput], whole: Bool) async -> BatchOutcome {
        var verdicts: Verdicts = [:]
        for (idProperty, group) in grouped(inputs) {
            let some: Verdicts
            if idProperty == nil {
                some = await updates(group)
            } else if idProperty == "email", !whole {
                some = await upsertByEmail(group)
            } else {
                some = await inStretches(group) { await run($0, UpsertBatch(idProperty: idProperty ?? "")) }
            }
            verdicts.merge(some) { $1 }
        }
        return BatchOutcome(once(inputs, verdicts))
    }

    private func upsertByEmail(_ inputs: [BatchInput]) async -> Verdicts {
        guard let plan = WritePlan.current else {
            var people = People(inputs)
            await lookUp(&people)
            await create(&people)
            return await update(people)
        }
        return await inRounds(inputs) { round in
            let size = ReadBatch(options: ReadOptions(), idProperty: "email").size
            plan.count(
                "\(ObjectType.canonical(type.name)).read", records: round.count,
                requests: (round.count + size - 1) / size, lanes: [.burst, .day], isWrite: false)
            return await run(round, UpsertBatch(idProperty: "email"))
        }
    }

    /// The rows of an upsert by email, and what is known of their addresses.
    private struct People {
        /// In the list's order.
        let rows: [BatchInput]
        var verdicts: Verdicts = [:]
        /// The records of the addresses that have one.
        var records: [RecordReference: JSONSlice] = [:]
        /// The addresses whose records were made here.
        var created: Set<RecordReference> = []

        init(_ inputs: [BatchInput]) { rows = inputs }

        /// The rows that nothing has become of yet.
        var open: [BatchInput] { rows.filter { verdicts[$0.index] == nil } }
        /// Those of them of whose addresses nothing is known.
        var unknown: [BatchInput] { open.filter { row in row.key.map { records[$0] == nil } ?? true } }
    }

    private func lookUp(_ people: inout People) async {
        let firsts = BatchInput.rounds(of: people.rows, keepingDoubles: false)[0]
        // What the read does not find is created; an address that it missed comes back as a conflict with the id.
        let found = await run(firsts, ReadBatch(options: ReadOptions(), idProperty: "email", asksAgain: false))
        var failures: [RecordReference: HubSpotError] = [:]
        for first in firsts {
            guard let key = first.key else { continue }
            switch found[first.index] {
            case .success(let record)?: people.records[key] = record
            case .failure(let error)? where error.kind != .notFound: failures[key] = error
            case .failure?, nil: break
            }
        }
        guard !failures.isEmpty else { return }
        for row in people.rows {
            if let error = row.key.flatMap({ failures[$0] }) { people.verdicts[row.index] = .failure(error) }
        }
    }

    /// Creates the contacts whose addresses nothing is known of: from the first row of each that HubSpot takes. An
    /// address that turns out to be another one of a contact's is known from then on.
    private func create(_ people: inout People) async {
        while true {
            var round = BatchInput.rounds(of: people.unknown, keepingDoubles: false)[0]
            guard !round.isEmpty else { return }
            for index in round.indices where round[index].properties["email"] == nil {
                round[index].properties["email"] = round[index].record?.value
            }
            let answers = await run(round, CreateBatch())
            for row in round {
                guard let key = row.key else { continue }
                switch answers[row.index] ?? .failure(.missing(row, self)) {
                case .success(let record):
                    if record.recordID != nil { people.records[key] = record }
                    people.created.insert(key)
                    people.verdicts[row.index] = .success(record.markedNew(true))
                case .failure(let error) where error.kind == .conflict:
                    do throws(HubSpotError) {
                        people.records[key] = try await plainGet(error.existingID.map { .id($0) } ?? key)
                    } catch {
                        people.verdicts[row.index] = .failure(error)
                    }
                case .failure(let error): people.verdicts[row.index] = .failure(error)
                }
            }
            guard let stop = BatchOutcome(people.verdicts).unsent else { continue }
            for row in people.unknown { people.verdicts[row.index] = .failure(stop) }
        }
    }

    /// Applies the rows that are left to their contacts.
    private func update(_ people: People) async -> Verdicts {
        var verdicts = people.verdicts
        var changes: [BatchInput] = []
        var new: Set<Int> = []
        for var row in people.open {
            guard let key = row.key, let record = people.records[key] else { continue }
            row.properties["email"] = nil
            if row.properties.isEmpty {
                verdicts[row.index] = .success(record.markedNew(people.created.contains(key)))
            } else {
                if people.created.contains(key) { new.insert(row.index) }
                row.record = record.recordID.map { .id($0) }
                changes.append(row)
            }
        }
        guard !changes.isEmpty else { return verdicts }
        let turn: WriteTurn
        do throws(HubSpotError) {
            turn = try await session.turn(changes.compactMap { $0.record.map { WriteOrder.Key(type, $0) } })
        } catch {
            for row in changes { verdicts[row.index] = .failure(error) }
            return verdicts
        }
        defer { turn.letGo() }
        for (index, verdict) in await updates(changes) {
            verdicts[index] = verdict.map { $0.markedNew(new.contains(index)) }
        }
        return verdicts
    }
}
