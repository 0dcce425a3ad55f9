package import JSON

/// The records of one type that a record is linked to, as they are put together from HubSpot's pages: each linked record
/// once, with the kinds of all its links.
///
/// HubSpot tells the same in two ways. Beside a record it is an entry for each link, `{ id, type }`; in the
/// associations API an entry for each linked record, `{ toObjectId, associationTypes: [{ category, typeId, label }] }`.
/// The result is `{ id, type, types }`, where `type` is the first of `types`.
struct LinkedRecords {
    private var types: [String: [String]] = [:]
    private var order: [String] = []
    /// The name of links without a label, less `_unlabeled`: `company_to_contact`.
    private var base: String

    init(from: ObjectType, to: ObjectType) {
        base = "\(ObjectType.singular(from.name))_to_\(ObjectType.singular(to.name))"
    }

    /// Adds the entries of a page of either kind.
    mutating func add(_ entries: [JSONSlice]) {
        for entry in entries {
            guard let id = entry.field("id")?.idText ?? entry.field("toObjectId")?.idText else { continue }
            if types[id] == nil {
                types[id] = []
                order.append(id)
            }
            var names = entry.field("types")?.elements()?.compactMap(\.string) ?? []
            if let name = entry.field("type")?.string {
                names.append(name)
                if name.hasSuffix("_unlabeled") { base = String(name.dropLast("_unlabeled".count)) }
            }
            names += (entry.field("associationTypes")?.elements() ?? []).map(name)
            for name in names where types[id]?.contains(name) == false { types[id]?.append(name) }
        }
    }

    /// The name of that kind of link in a record's own answer.
    private func name(_ kind: JSONSlice) -> String {
        guard let label = kind.field("label")?.string else { return "\(base)_unlabeled" }
        // HubSpot's own labels mark the primary record, whose kind is named without one.
        if kind.field("category")?.string == "HUBSPOT_DEFINED" { return base }
        return String(label.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    var json: JSONValue {
        let entries = order.map { id -> JSONValue in
            let names = types[id] ?? []
            return .object([
                "id": .string(id), "type": names.first.map(JSONValue.string), "types": .strings(names),
            ])
        }
        return .object(["results": .array(entries)])
    }
}

extension ObjectType {
    /// The noun for one record of the type in HubSpot's names of links: `company`.
    static func singular(_ name: String) -> String {
        let canonical = canonical(name)
        return standard.first { $0.name == canonical }?.record.replacing(" ", with: "_") ?? canonical
    }
}

extension CRMObjects {
    /// A record with all that it is linked to of the types in its `associations`: HubSpot's answer holds the first page
    /// of each, and an entry for each label.
    func withAllLinks(_ record: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        guard let id = record.recordID, let associations = record.field("associations"),
            let lists = associations.fields()
        else { return record }
        var whole: [JSONValue.Member] = []
        for (name, list) in lists {
            guard let results = list.field("results")?.elements() else {
                whole.append(.init(name, .raw(list)))
                continue
            }
            let to = ObjectType(name)
            var links = LinkedRecords(from: type, to: to)
            links.add(results)
            try await Associations(session: session).eachPage(type, id, to, after: try list.nextCursor()) {
                links.add($0)
            }
            whole.append(.init(name, links.json))
        }
        return record.replacing(associations, with: JSONSlice(JSONValue.object(whole).bytes))
    }

    /// The same for the records of a page, in its order.
    func withAllLinks(page: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        guard let results = page.field("results"), let records = results.elements() else { return page }
        let whole = try await inTurns(records) { record throws(HubSpotError) in try await withAllLinks(record) }
        return page.replacing(results, with: JSONSlice(JSONValue.array(whole.map(JSONValue.raw)).bytes))
    }

    /// Records with what they are linked to, where HubSpot's answer about them names no links: one that a search or a
    /// batch gives. Source: `POST /crm/associations/{version}/{from}/{to}/batch/read`.
    package func linked(_ records: [JSONSlice], to types: [String]) async throws(HubSpotError) -> [JSONSlice] {
        guard !types.isEmpty, !records.isEmpty else { return records }
        let ids = records.map { $0.recordID ?? "" }
        var links = records.map { _ in [JSONValue.Member]() }
        for name in types {
            let to = ObjectType(name)
            let outcome = await Associations(session: session).read(type, ids, to)
            if let failure = outcome.failures.first { throw failure.error }
            let found = Dictionary(
                outcome.successes.map { (ids[$0.index], $0.record) }, uniquingKeysWith: { first, _ in first })
            for (index, id) in ids.enumerated() {
                guard let entries = found[id]?.field("to")?.elements(), !entries.isEmpty else { continue }
                var list = LinkedRecords(from: type, to: to)
                list.add(entries)
                links[index].append(.init(ObjectType.canonical(name), list.json))
            }
        }
        return zip(records, links).map { record, links in
            links.isEmpty ? record : record.adding("associations", JSONValue.object(links).bytes)
        }
    }

    /// The same for a page.
    package func linked(page: JSONSlice, to types: [String]) async throws(HubSpotError) -> JSONSlice {
        guard !types.isEmpty, let results = page.field("results"), let records = results.elements() else { return page }
        let whole = try await linked(records, to: types)
        return page.replacing(results, with: JSONSlice(JSONValue.array(whole.map(JSONValue.raw)).bytes))
    }

    /// Runs `body` over the records, as many at a time as may be in flight, and answers in their order.
    private func inTurns(
        _ records: [JSONSlice], _ body: @escaping @Sendable (JSONSlice) async throws(HubSpotError) -> JSONSlice
    ) async throws(HubSpotError) -> [JSONSlice] {
        let results = await withTaskGroup(of: (Int, Result<JSONSlice, HubSpotError>).self) { group in
            var results: [Int: Result<JSONSlice, HubSpotError>] = [:]
            var waiting = records.enumerated().makeIterator()
            func begin() {
                guard let (index, record) = waiting.next() else { return }
                group.addTask {
                    do throws(HubSpotError) {
                        return (index, .success(try await body(record)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<max(1, session.configuration.concurrency) { begin() }
            while let (index, result) = await group.next() {
                results[index] = result
                begin()
            }
            return results
        }
        var whole: [JSONSlice] = []
        for index in records.indices { whole.append(try results[index]?.get() ?? records[index]) }
        return whole
    }
}

extension Associations {
    /// Calls `body` with the entries of each page from `after` on; not at all where that is nil.
    func eachPage(
        _ from: ObjectType, _ id: String, _ to: ObjectType, after: String?, _ body: ([JSONSlice]) -> Void
    ) async throws(HubSpotError) {
        var watch = CursorWatch()
        var next = after
        while let after = next {
            try watch.step(after)
            let page = try await list(from, id, to, after: after)
            body(page.slice.field("results")?.elements() ?? [])
            next = page.next
        }
    }
}
