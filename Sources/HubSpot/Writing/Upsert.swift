import JSON

/// Updates or creates records, each known by a property whose values are unique: one record, or the rows of a list.
///
/// HubSpot's batch/upsert does not promise to keep the properties of a contact that are left out, so the records are looked
/// up, then created or updated by their ids. One that goes by itself is updated first: HubSpot's answer tells whether
/// there is such a record. Rows of one contact are applied in their order, whichever of its addresses they name.
struct Upsert {
    private let pipeline: WritePipeline
    private let disposition: Disposition
    /// The right to write to the addresses; nil where no other write is told apart from this one.
    private let turn: WriteTurn?
    /// In the list's order.
    private let rows: [Operation]
    private var verdicts: Verdicts = [:]
    /// The records of the rows' keys that have one.
    private var known: [RecordReference: Known] = [:]

    private struct Known {
        var id: String
        /// As HubSpot answered it; nil where only the id is known.
        var record: JSONSlice?
        var isNew = false
        /// Looked up, so that it may have gone since.
        var mayBeGone = false
    }

    init(_ pipeline: WritePipeline, _ rows: [Operation], _ disposition: Disposition, _ turn: WriteTurn?) {
        self.pipeline = pipeline
        self.rows = rows
        self.disposition = disposition
        self.turn = turn
    }

    /// The fate of the one row.
    func one() async throws(HubSpotError) -> JSONSlice {
        let row = rows[0]
        guard let verdict = await run()[row.index] else { throw pipeline.form(of: row).missing(row) }
        return try verdict.get()
    }

    /// The fate of each row.
    func run() async -> Verdicts {
        if rows.count == 1, disposition.isRehearsal { return await rehearsal(rows[0]) }
        var upsert = self
        if rows.count == 1 { await upsert.locate(rows[0]) } else { await upsert.lookUp() }
        await upsert.create()
        await upsert.update()
        if upsert.forgetGone() {
            await upsert.create()
            await upsert.update()
        }
        return upsert.verdicts
    }

    private func rehearsal(_ row: Operation) async -> Verdicts {
        do throws(HubSpotError) {
            return [row.index: .success(try await pipeline.rehearse(row, disposition))]
        } catch {
            return [row.index: .failure(error)]
        }
    }

    /// The rows that nothing has become of yet.
    private var open: [Operation] { rows.filter { verdicts[$0.index] == nil } }

    private func knownRecord(of row: Operation) -> Known? { row.key.flatMap { known[$0] } }

    // MARK: Which there are

    /// Looks the record up along with others; by itself, updates it at once.
    private mutating func locate(_ row: Operation) async {
        guard let type = row.type, let key = row.key else { return }
        let read = Operation(.read(ReadOptions()), type, row.record)
        let (upsert, turn) = (self, turn)
        var isLookedUp = row.record?.idProperty == "email"
        do throws(HubSpotError) {
            let record: JSONSlice
            if isLookedUp {
                // Answers come in the order of the calls, and these go on in any: the record's queue is joined at once.
                record = try await pipeline.coalesce(read, turn, whenAnswered: { turn?.claim($0, row) }) {
                    () async throws(HubSpotError) in
                    isLookedUp = false
                    return try await upsert.updateByKey(row)
                }
            } else {
                record = try await updateByKey(row)
            }
            if isLookedUp, let id = record.recordID {
                known[key] = Known(id: id, record: record, mayBeGone: true)
            } else {
                verdicts[row.index] = .success(record.markedNew(false))
            }
        } catch  where error.kind == .notFound {
        } catch {
            verdicts[row.index] = .failure(isLookedUp ? named(error, row) : error)
        }
    }

    /// With nothing to change, a read says whether there is such a record.
    private func updateByKey(_ row: Operation) async throws(HubSpotError) -> JSONSlice {
        var update = row
        update.verb = row.changes.isEmpty ? .read(ReadOptions()) : .update
        update.properties = row.changes
        return try await pipeline.alone(update)
    }

    /// The error of a look-up, as the upsert's own request has it.
    private func named(_ error: HubSpotError, _ row: Operation) -> HubSpotError {
        guard error.request != nil else { return error }
        var named = error
        var update = row
        update.verb = .update
        named.request = update.summary(pipeline.session.paths)
        return named
    }

    private mutating func lookUp() async {
        guard let type = rows.first?.type else { return }
        let firsts = rows.firsts
        // A row that the read does not find is created; an address that it missed comes back as a conflict with the id.
        let form = ReadForm(type, ReadOptions(), idProperty: "email", asksAgain: false, pipeline.session.paths)
        let found = await pipeline.run(
            firsts.map { first in
                var read = first
                read.verb = .read(ReadOptions())
                return read
            }, form, .send)
        var failures: [RecordReference: HubSpotError] = [:]
        for first in firsts {
            guard let key = first.key else { continue }
            switch found[first.index] {
            case .success(let record)?:
                known[key] = record.recordID.map { Known(id: $0, record: record, mayBeGone: true) }
            case .failure(let error)? where error.kind != .notFound: failures[key] = error
            case .failure?, nil: break
            }
        }
        for row in rows {
            if let error = row.key.flatMap({ failures[$0] }) { verdicts[row.index] = .failure(error) }
        }
    }

    // MARK: Those that there are not

    /// Creates the records of the keys of which nothing is known: from the first row of each that HubSpot takes. A key
    /// that turns out to be another one of a record's is known from then on.
    private mutating func create() async {
        while true {
            let round = open.filter { knownRecord(of: $0) == nil }.firsts
            guard !round.isEmpty else { return }
            let answers = await write(
                round.map { row in
                    var create = row
                    create.verb = .create
                    create.properties = row.whole
                    create.record = nil
                    return create
                })
            for row in round {
                guard let key = row.key else { continue }
                switch answers[row.index] ?? .failure(pipeline.form(of: row).missing(row)) {
                case .success(let record):
                    known[key] = record.recordID.map { Known(id: $0, record: record, isNew: true) }
                    verdicts[row.index] = .success(record.markedNew(true))
                case .failure(let error) where error.kind == .conflict: await know(row, error.existingID)
                case .failure(let error): verdicts[row.index] = .failure(error)
                }
            }
            guard let stop = BatchOutcome(verdicts).unsent else { continue }
            for row in open where knownRecord(of: row) == nil { verdicts[row.index] = .failure(stop) }
        }
    }

    /// Somebody else's record is in the way of a create.
    private mutating func know(_ row: Operation, _ existingID: String?) async {
        guard let type = row.type, let record = row.record, let key = row.key else { return }
        if let existingID, !row.changes.isEmpty {
            known[key] = Known(id: existingID)
            return
        }
        do throws(HubSpotError) {
            let reference = existingID.map { RecordReference.id($0) } ?? record
            let found = try await CRMObjects(type, session: pipeline.session).plainGet(reference)
            known[key] = Known(id: found.recordID ?? reference.value, record: found)
        } catch {
            verdicts[row.index] = .failure(error)
        }
    }

    // MARK: Those that there are

    /// Applies the rows that are left to their records.
    private mutating func update() async {
        var changes: [Operation] = []
        for row in open {
            guard let record = knownRecord(of: row) else { continue }
            var change = row
            change.record = .id(record.id)
            if !row.changes.isEmpty {
                change.verb = .update
                change.properties = row.changes
                changes.append(change)
            } else if let answer = record.record {
                verdicts[row.index] = .success(answer.markedNew(record.isNew))
            } else {
                change.verb = .read(ReadOptions())
                do throws(HubSpotError) {
                    verdicts[row.index] = .success(try await pipeline.alone(change).markedNew(record.isNew))
                } catch {
                    verdicts[row.index] = .failure(error)
                }
            }
        }
        guard !changes.isEmpty else { return }
        do throws(HubSpotError) {
            if let turn {
                for row in rows { if let known = knownRecord(of: row) { turn.claim(known.id, row) } }
                try await turn.untilClaimed()
            }
        } catch {
            for change in changes { verdicts[change.index] = .failure(error) }
            return
        }
        let answers = await write(changes)
        for row in rows {
            guard let verdict = answers[row.index] else { continue }
            let record = knownRecord(of: row)
            let isNamedByKey = rows.count == 1 && record?.mayBeGone == true
            verdicts[row.index] = verdict.map { $0.markedNew(record?.isNew ?? false) }
                .mapError { isNamedByKey ? named($0, row) : $0 }
        }
    }

    /// Forgets the records that have gone between the look-up and the update.
    /// - Returns: True where there is one.
    private mutating func forgetGone() -> Bool {
        var isGone = false
        for row in rows {
            guard case .failure(let error)? = verdicts[row.index], error.kind == .notFound, let key = row.key,
                known[key]?.mayBeGone == true
            else { continue }
            known[key] = nil
            verdicts[row.index] = nil
            isGone = true
        }
        return isGone
    }

    /// Creates or updates: one along with others, several as a batch of their own.
    private func write(_ operations: [Operation]) async -> Verdicts {
        guard operations.count > 1 || disposition.isRehearsal else {
            do throws(HubSpotError) {
                return [operations[0].index: .success(try await pipeline.coalesce(operations[0], turn))]
            } catch {
                return [operations[0].index: .failure(error)]
            }
        }
        if case .update = operations[0].verb { return await pipeline.updates(operations, disposition) }
        return await pipeline.run(operations, pipeline.form(of: operations[0]), disposition)
    }
}

extension WriteTurn {
    /// Claims the record that a look-up has found for a row.
    fileprivate func claim(_ found: Result<JSONSlice, HubSpotError>, _ row: Operation) {
        if case .success(let record) = found, let id = record.recordID { claim(id, row) }
    }

    fileprivate func claim(_ id: String, _ row: Operation) {
        guard let type = row.type, let address = row.record else { return }
        claim(WriteOrder.Key(type, .id(id)), namedBy: WriteOrder.Key(type, address))
    }
}
