import HTTPTypes
import JSON

/// Lists of writes about one type's records.
extension WritePipeline {
    /// Writes the records of a list. A bad one fails alone.
    ///
    /// - Parameter body: Writes those that are fit to be sent, their values as HubSpot takes them.
    func perform(
        _ writes: [Operation],
        _ body: (_ sound: [Operation], Disposition, WriteTurn) async -> Verdicts
    ) async -> BatchOutcome {
        guard let first = writes.first else { return BatchOutcome([:]) }
        do throws(HubSpotError) {
            let disposition = try session.disposition(of: first)
            let writes = writes.map { $0.entered(in: session, disposition) }
            let turn = try await session.turn(writes.flatMap(\.keys))
            defer { turn.letGo() }
            let (sound, failures) = await session.settling(writes, disposition)
            guard !sound.isEmpty else { return BatchOutcome(failures) }
            let (fresh, known) = await recorded(sound)
            let (admitted, refusals) = disposition.isRehearsal ? (fresh, [:]) : try await admit(fresh)
            let verdicts = admitted.isEmpty ? [:] : await body(admitted, disposition, turn)
            return BatchOutcome(
                verdicts.merging(failures) { $1 }.merging(refusals) { $1 }.merging(once(sound, known)) { $1 })
        } catch {
            return BatchOutcome(Dictionary(uniqueKeysWithValues: writes.map { ($0.index, .failure(error)) }))
        }
    }

    /// Reads or writes the elements of a list that are no records.
    func perform(_ elements: [Operation], _ form: ElementForm) async -> BatchOutcome {
        do throws(HubSpotError) {
            let disposition = try session.disposition(of: Operation(.other(APIRequest(.post, form.path))))
            let elements = elements.map { $0.entered(in: session, disposition) }
            let (fresh, known) = await recorded(elements, by: form)
            let (admitted, refusals) = disposition.isRehearsal ? (fresh, [:]) : try await admit(fresh, by: form)
            let verdicts = admitted.isEmpty ? [:] : await run(admitted, form, disposition)
            return BatchOutcome(verdicts.merging(refusals) { $1 }.merging(known) { $1 })
        } catch {
            return BatchOutcome(Dictionary(uniqueKeysWithValues: elements.map { ($0.index, .failure(error)) }))
        }
    }

    /// Sends operations of one form in batches.
    func run(_ operations: [Operation], _ form: any BatchForm, _ disposition: Disposition) async -> Verdicts {
        await BatchEndpoint(pipeline: self, form: form, disposition: disposition).settle(operations)
    }

    /// Runs parts of a list one after the other: two writes to one record go in the list's order.
    func inTurn(_ parts: [[Operation]], _ body: ([Operation]) async -> Verdicts) async -> Verdicts {
        var verdicts: Verdicts = [:]
        for part in parts where !part.isEmpty {
            verdicts.merge(await body(part)) { $1 }
            // The error that stopped this part would stop the following ones.
            if let stop = BatchOutcome(verdicts).unsent {
                for operation in parts.joined() where verdicts[operation.index] == nil {
                    verdicts[operation.index] = .failure(stop)
                }
                break
            }
        }
        return verdicts
    }

    /// The verdicts with one success for each key: the last one's record, which is how the writes have left it, at the
    /// first one's place.
    func once(_ operations: [Operation], _ verdicts: Verdicts) -> Verdicts {
        var verdicts = verdicts
        var places: [RecordReference: Int] = [:]
        for operation in operations {
            guard let key = operation.key, case .success(let record)? = verdicts[operation.index] else { continue }
            if let place = places[key] {
                // One that the first of them made is new.
                var last = record
                if case .success(let first)? = verdicts[place], first.field("new")?.boolean == true {
                    last = record.removing("new").adding("new", "true".utf8)
                }
                verdicts[place] = .success(last)
                verdicts[operation.index] = nil
            } else {
                places[key] = operation.index
            }
        }
        return verdicts
    }

    /// Updates records known by their ids, two changes of one record in the list's order.
    ///
    /// An id that was merged into another record is left out of a batch's answer, and updated by itself afterwards. Where
    /// the list names that record by its present id too, its changes are made once more in the list's order, so that the
    /// last one stays.
    func updates(_ writes: [Operation], _ disposition: Disposition) async -> Verdicts {
        guard let first = writes.first else { return [:] }
        let form = form(of: first)
        var verdicts = await inTurn(writes.rounds) { await run($0, form, disposition) }
        var names: [String: [Operation]] = [:]
        for write in writes {
            guard case .success(let record)? = verdicts[write.index], let id = record.recordID else { continue }
            names[id, default: []].append(write)
        }
        for (id, group) in names where Set(group.map(\.record)).count > 1 {
            guard let late = group.firstIndex(where: { $0.record != .id(id) }) else { continue }
            for var write in group[late...] {
                write.record = .id(id)
                do throws(HubSpotError) {
                    verdicts[write.index] = .success(try await alone(write))
                } catch {
                    verdicts[write.index] = .failure(error)
                }
            }
        }
        return verdicts
    }

    /// The operations with their references turned into ids, and what went wrong with the others.
    func identified(_ operations: [Operation], archived: Bool = false) async -> (
        known: [Operation], failures: Verdicts
    ) {
        var found: [RecordReference: Result<JSONSlice, HubSpotError>] = [:]
        for (idProperty, group) in operations.firsts.byProperty {
            guard let idProperty, let type = group.first?.type else { continue }
            let form = ReadForm(
                type, ReadOptions(properties: [idProperty], archived: archived), idProperty: idProperty, session.paths)
            let verdicts = await run(group, form, .send)
            for operation in group { if let key = operation.key { found[key] = verdicts[operation.index] } }
        }
        var known: [Operation] = []
        var failures: Verdicts = [:]
        for var operation in operations {
            guard operation.record?.idProperty != nil else {
                known.append(operation)
                continue
            }
            switch operation.key.flatMap({ found[$0] }) {
            case .success(let record)?:
                operation.record = record.recordID.map { .id($0) }
                known.append(operation)
            case .failure(let error)?: failures[operation.index] = .failure(error)
            case nil:
                var read = operation
                read.verb = .read(ReadOptions())
                failures[operation.index] = .failure(form(of: read).missing(operation))
            }
        }
        return (known, failures)
    }
}
