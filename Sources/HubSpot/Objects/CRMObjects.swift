import HTTPTypes
package import JSON
import Wire

/// Reads and changes the records of one object type: contacts, companies, custom objects.
///
/// Records are answered as the bytes that HubSpot sent: `{ id, properties, createdAt, updatedAt, archived }`
/// (source: the CRM objects API). Every call throws ``HubSpotError``; one that HubSpot refuses keeps its status,
/// category and errors.
package struct CRMObjects: Sendable {
    package let session: Session
    package let type: ObjectType

    package init(_ type: ObjectType, session: Session) {
        self.type = type
        self.session = session
    }

    private var pipeline: WritePipeline { WritePipeline(session: session) }
    private var path: String { session.paths.objects(type.name) }

    // MARK: One record

    /// - Throws: kind `notFound` where no such record exists, or it is archived and `options.archived` is not set.
    package func get(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice
    {
        guard let plan = WritePlan.current else {
            return try await pipeline.coalesce(Operation(.read(options), type, record))
        }
        // A record that the plan makes is known to nobody else.
        if record.idProperty == nil, let planned = plan.keeper.record(type, record) { return planned }
        do {
            return try await pipeline.coalesce(Operation(.read(options), type, record))
        } catch  where error.kind == .notFound {
            guard record.idProperty != nil, let planned = plan.keeper.record(type, record) else { throw error }
            return planned
        }
    }

    func plainGet(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice
    {
        guard options.isTooLongForURL else {
            let request = APIRequest(
                .get, session.paths.objects(type.name, record.value),
                query: options.query(including: record.idProperty.map { [("idProperty", $0)] } ?? []))
            let found = try JSONSlice(record: await session.send(request).body, to: request)
            return options.associations.isEmpty ? found : try await withAllLinks(found)
        }
        var inBody = options
        inBody.associations = []
        let outcome = await read([record], inBody)
        if let failure = outcome.failures.first { throw failure.error }
        guard let found = outcome.successes.first?.record else {
            throw HubSpotError(.badResponse, "HubSpot's answer to a batch read holds neither the record nor an error")
        }
        guard !options.associations.isEmpty else { return found }
        var links = ReadOptions(properties: ["hs_object_id"], associations: options.associations)
        links.archived = options.archived
        return found.withAssociations(of: try await plainGet(.id(found.recordID ?? record.value), links))
    }

    /// As ``get(_:_:)``, but nil where there is no such record.
    package func find(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice?
    {
        do {
            return try await get(record, options)
        } catch  where error.kind == .notFound {
            return nil
        }
    }

    /// - Parameter associations: a list as HubSpot's `[{ to: { id }, types: [...] }]`, or nil.
    package func create(_ properties: PropertyBag, associations: JSONSlice? = nil) async throws(HubSpotError)
        -> JSONSlice
    {
        var write = Operation(.create, type, nil, properties.tidied(for: type))
        write.associations = associations
        return try await pipeline.perform(write)
    }

    package func update(_ record: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> JSONSlice {
        try await pipeline.perform(Operation(.update, type, record, properties.tidied(for: type)))
    }

    /// Updates the record that `key` names, or creates it; the record has a field `new` that says which.
    ///
    /// Properties that are left out stay as they are. Where another client creates the record in between, HubSpot's 409
    /// names it, and it is updated.
    /// - Parameter whole: The properties given are all that matters: HubSpot's own upsert is used, which for contacts
    ///   known by email may clear the others.
    package func upsert(_ key: RecordReference, _ properties: PropertyBag, whole: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        guard key.idProperty != nil else { return try await update(key, properties) }
        return try await pipeline.perform(
            Operation(.upsert(isWhole: whole), type, key, properties.tidied(for: type)))
    }

    /// Moves a record to the recycle bin, from which HubSpot restores it for 90 days.
    package func archive(_ record: RecordReference) async throws(HubSpotError) {
        let id = RecordReference.id(try await id(of: record))
        _ = try await pipeline.perform(Operation(.archive, type, id))
    }

    /// Deletes a contact for good. An address that belongs to no contact is barred from being added later.
    package func gdprDelete(_ record: RecordReference) async throws(HubSpotError) {
        _ = try await pipeline.perform(Operation(.gdprDelete, type, record))
    }

    /// Merges `other` into `primary`, whose values win, and answers the surviving record. Cannot be undone.
    package func merge(_ primary: RecordReference, _ other: RecordReference) async throws(HubSpotError) -> JSONSlice {
        let primaryID = try await id(of: primary)
        let otherID = try await id(of: other)
        return try await pipeline.perform(Operation(.merge, from: type, primaryID, to: type, otherID))
    }

    /// The id of a record; asks HubSpot only where the reference is not one.
    package func id(of record: RecordReference) async throws(HubSpotError) -> String {
        guard record.idProperty != nil else { return record.value }
        guard let id = try await get(record, ReadOptions(properties: ["hs_object_id"])).recordID else {
            throw HubSpotError(.badResponse, "HubSpot's answer holds a record without an id")
        }
        return id
    }

    // MARK: Many records

    /// One page in HubSpot's order (by id): `{ results, paging }`, `paging` absent on the last page.
    /// - Parameter limit: 10 by HubSpot's default, 100 at most, 50 with history.
    package func list(_ options: ReadOptions = ReadOptions(), limit: Int? = nil, after: String? = nil)
        async throws(HubSpotError) -> AnswerPage
    {
        var place: [(String, String)] = []
        if let limit { place.append(("limit", String(limit))) }
        if let after { place.append(("after", after)) }
        guard options.isTooLongForURL else {
            var page = try AnswerPage(
                await session.object(.get, path, query: options.query(including: place)), after: after)
            if !options.associations.isEmpty { page.slice = try await withAllLinks(page: page.slice) }
            return page
        }
        let ids = ReadOptions(
            properties: ["hs_object_id"], associations: options.associations, archived: options.archived)
        var page = try AnswerPage(await session.object(.get, path, query: ids.query(including: place)), after: after)
        if !options.associations.isEmpty { page.slice = try await withAllLinks(page: page.slice) }
        let bare = page.slice.field("results")?.elements() ?? []
        var inBody = options
        inBody.associations = []
        let outcome = await read(bare.compactMap { $0.recordID.map { .id($0) } }, inBody)
        if let failure = outcome.failures.first(where: { $0.error.kind != .notFound }) { throw failure.error }
        let links = Dictionary(bare.map { ($0.recordID ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        page.slice = Self.page(
            outcome.successes.map { success in
                links[success.record.recordID ?? ""].map { success.record.withAssociations(of: $0) } ?? success.record
            }, paging: page.slice.field("paging"))
        return page
    }

    /// One page of hits: `{ total, results, paging }`.
    /// - Throws: kind `invalidArgument` for a condition that is empty.
    package func search(_ query: SearchQuery) async throws(HubSpotError) -> AnswerPage {
        try query.check()
        do throws(HubSpotError) {
            return try AnswerPage(
                await session.object(.post, "\(path)/search", body: query.json), after: query.after)
        } catch {
            throw await explained(error, query)
        }
    }

    /// How many records match: all of the type for an empty query. One search.
    package func count(_ query: SearchQuery = SearchQuery()) async throws(HubSpotError) -> Int64 {
        var smallest = query
        smallest.limit = 1
        smallest.after = nil
        smallest.sorts = []
        smallest.properties = ["hs_object_id"]
        guard let total = try await search(smallest).slice.field("total")?.integer else {
            throw HubSpotError(.badResponse, "HubSpot's answer to a search holds no total")
        }
        return total
    }

    static func page(_ records: [JSONSlice], paging: JSONSlice?) -> JSONSlice {
        JSONSlice(
            JSONValue.object([
                "results": .array(records.map(JSONValue.raw)), "paging": paging.map(JSONValue.raw),
            ]).bytes)
    }
}

extension JSONSlice {
    /// The id of a record.
    package var recordID: String? { field("id")?.idText }

    /// This record with a field `new` that says whether an upsert created it. A dry run cannot know.
    func markedNew(_ isNew: Bool) -> JSONSlice {
        field("dry_run") != nil || field("new") != nil ? self : adding("new", (isNew ? "true" : "false").utf8)
    }

    /// This record with the `associations` of another answer about it.
    func withAssociations(of other: JSONSlice) -> JSONSlice {
        guard let links = other.field("associations") else { return self }
        return adding("associations", links.bytes)
    }
}
