import HTTPTypes
public import JSON
import Wire

/// Reads and changes the records of one object type: contacts, companies, custom objects.
///
/// Records are answered as the bytes that HubSpot sent: `{ id, properties, createdAt, updatedAt, archived }`
/// (source: the CRM objects API). Every call throws ``HubSpotError``; one that HubSpot refuses keeps its status,
/// category and errors.
public struct CRMObjects: Sendable {
    public let session: Session
    public let type: ObjectType

    public init(_ type: ObjectType, session: Session) {
        self.type = type
        self.session = session
    }

    // MARK: One record

    /// - Throws: kind `notFound` where no such record exists, or it is archived and `options.archived` is not set.
    public func get(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice
    {
        try await batched(kind(reading: record, options), BatchInput(index: 0, record: record)) {
            () async throws(HubSpotError) in try await plainGet(record, options)
        }
    }

    func plainGet(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice
    {
        guard options.isTooLongForURL else {
            let found = try await call(
                .get, "/\(PercentEncoding.encode(record.value))",
                query: options.query(including: record.idProperty.map { [("idProperty", $0)] } ?? []))
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
    public func find(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> JSONSlice?
    {
        do {
            return try await get(record, options)
        } catch  where error.kind == .notFound {
            return nil
        }
    }

    /// - Parameter associations: a list as HubSpot's `[{ to: { id }, types: [...] }]`, or nil.
    public func create(_ properties: PropertyBag, associations: JSONSlice? = nil) async throws(HubSpotError)
        -> JSONSlice
    {
        let properties = properties.tidied(for: type)
        let address = type.isContacts ? properties["email"] : nil
        return try await inOrder(address.map { .email($0) }) { turn async throws(HubSpotError) in
            guard let settled = try await settled(BatchWrite(nil, properties), "create") else {
                return Self.given(nil, properties)
            }
            return try await create(settled, associations: associations, turn)
        }
    }

    func create(_ properties: PropertyBag, associations: JSONSlice? = nil, _ turn: WriteTurn?)
        async throws(HubSpotError) -> JSONSlice
    {
        try await batched(
            kindOfCreate(associations), BatchInput(index: 0, write: BatchWrite(nil, properties)), turn
        ) { () async throws(HubSpotError) in try await plainCreate(properties, associations: associations) }
    }

    func plainCreate(_ properties: PropertyBag, associations: JSONSlice? = nil) async throws(HubSpotError)
        -> JSONSlice
    {
        try await call(
            .post, "",
            body: .object(["properties": properties.json, "associations": associations.map(JSONValue.raw)]),
            given: .created(properties))
    }

    public func update(_ record: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> JSONSlice {
        let properties = properties.tidied(for: type)
        return try await inOrder(record) { turn async throws(HubSpotError) in
            guard let settled = try await settled(BatchWrite(record, properties), "update") else {
                return Self.given(record, properties)
            }
            return try await update(record, settled, turn)
        }
    }

    func update(_ record: RecordReference, _ properties: PropertyBag, _ turn: WriteTurn?) async throws(HubSpotError)
        -> JSONSlice
    {
        try await batched(
            kind(updating: record, properties), BatchInput(index: 0, write: BatchWrite(record, properties)), turn
        ) { () async throws(HubSpotError) in try await plainUpdate(record, properties) }
    }

    func plainUpdate(_ record: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> JSONSlice {
        try await call(
            .patch, "/\(PercentEncoding.encode(record.value))",
            query: record.idProperty.map { [("idProperty", $0)] } ?? [],
            body: .object(["properties": properties.json]),
            given: .changed(record, properties))
    }

    /// Updates the record that `key` names, or creates it; the record has a field `new` that says which.
    ///
    /// An update comes first, so properties that are left out stay as they are. Where somebody else creates the
    /// record in between, HubSpot's 409 names it, and it is updated.
    /// - Parameter whole: The properties given are all that matters: HubSpot's own upsert is used, which for contacts
    ///   known by email may clear the others.
    public func upsert(_ key: RecordReference, _ properties: PropertyBag, whole: Bool = false)
        async throws(HubSpotError) -> JSONSlice
    {
        guard key.idProperty != nil else { return try await update(key, properties) }
        let given = properties.tidied(for: type)
        return try await inOrder(key) { turn async throws(HubSpotError) in
            guard let properties = try await settled(BatchWrite(key, given), "upsert") else {
                return Self.given(key, given)
            }
            let kind = kind(upserting: key, properties, whole: whole)
            if let kind, kind.operation == .lookUp { return try await upsertByLookingUp(kind, key, properties, turn) }
            return try await batched(kind, BatchInput(index: 0, write: BatchWrite(key, properties)), turn) {
                () async throws(HubSpotError) in
                try await whole ? plainUpsertOfWhole(key, properties) : plainUpsert(key, properties)
            }
        }
    }

    private func plainUpsertOfWhole(_ key: RecordReference, _ properties: PropertyBag) async throws(HubSpotError)
        -> JSONSlice
    {
        let operation = UpsertBatch(idProperty: key.idProperty ?? "email")
        let input = BatchInput(index: 0, write: BatchWrite(key, properties))
        do {
            return try await operation.single(input, self).removing("objectWriteTraceId")
        } catch {
            throw error.asPlain(error.request ?? "", LookedUp(key, of: type))
        }
    }

    func plainUpsert(_ key: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> JSONSlice {
        guard let idProperty = key.idProperty else { return try await plainUpdate(key, properties) }
        var others = properties
        others[idProperty] = nil
        var whole = properties
        if whole[idProperty] == nil { whole[idProperty] = key.value }
        // What is not to be sent is not looked up either: with nothing to change, the record could only be made.
        if others.isEmpty, !session.sendsWrites(to: type) { return try await plainCreate(whole).markedNew(true) }
        if let plan = WritePlan.current {
            plan.count(
                "\(ObjectType.canonical(type.name)).read", records: 1, requests: 1, lanes: [.burst, .day],
                isWrite: false)
        }
        do {
            let record = try await others.isEmpty ? plainGet(key) : plainUpdate(key, others)
            return record.markedNew(false)
        } catch  where error.kind == .notFound {}
        do {
            return try await plainCreate(whole).markedNew(true)
        } catch  where error.kind == .conflict {
            let existing = error.existingID.map { RecordReference.id($0) } ?? key
            let record = try await others.isEmpty ? plainGet(existing) : plainUpdate(existing, others)
            return record.markedNew(false)
        }
    }

    /// Moves a record to the recycle bin, from which HubSpot restores it for 90 days.
    public func archive(_ record: RecordReference) async throws(HubSpotError) {
        let record = RecordReference.id(try await id(of: record))
        _ = try await inOrder(record) { turn async throws(HubSpotError) in
            try await batched(kind(archiving: record), BatchInput(index: 0, record: record), turn) {
                () async throws(HubSpotError) in
                try await plainArchive(record.value)
                return JSONSlice("{}")
            }
        }
    }

    func plainArchive(_ id: String) async throws(HubSpotError) {
        _ = try await send(.delete, "/\(PercentEncoding.encode(id))", given: .changed(.id(id), PropertyBag()))
    }

    /// Deletes a contact for good. An address that belongs to no contact is barred from being added later.
    public func gdprDelete(_ record: RecordReference) async throws(HubSpotError) {
        _ = try await inOrder(record) { _ throws(HubSpotError) in
            try await send(
                .post, "/gdpr-delete",
                body: .object([
                    "objectId": .string(record.value), "idProperty": record.idProperty.map(JSONValue.string),
                ]),
                given: .changed(record, PropertyBag()))
        }
    }

    /// Merges `other` into `primary`, whose values win, and answers the surviving record. Cannot be undone.
    public func merge(_ primary: RecordReference, _ other: RecordReference) async throws(HubSpotError) -> JSONSlice {
        let primaryID = try await id(of: primary)
        let otherID = try await id(of: other)
        let turn = try await session.order.enter(
            [primaryID, otherID].map { WriteOrder.Key(type, .id($0)) })
        defer { turn.letGo() }
        return try await call(
            .post, "/merge",
            body: .object(["primaryObjectId": .string(primaryID), "objectIdToMerge": .string(otherID)]),
            given: .changed(.id(primaryID), PropertyBag()))
    }

    /// The id of a record; asks HubSpot only where the reference is not one.
    public func id(of record: RecordReference) async throws(HubSpotError) -> String {
        guard record.idProperty != nil else { return record.value }
        guard let id = try await get(record, ReadOptions(properties: ["hs_object_id"])).recordID else {
            throw HubSpotError(.badResponse, "HubSpot's answer holds a record without an id")
        }
        return id
    }

    // MARK: Many records

    /// One page in HubSpot's order (by id): `{ results, paging }`, `paging` absent on the last page.
    /// - Parameter limit: 10 by HubSpot's default, 100 at most, 50 with history.
    public func list(_ options: ReadOptions = ReadOptions(), limit: Int? = nil, after: String? = nil)
        async throws(HubSpotError) -> JSONSlice
    {
        var place: [(String, String)] = []
        if let limit { place.append(("limit", String(limit))) }
        if let after { place.append(("after", after)) }
        guard options.isTooLongForURL else {
            let page = try await call(.get, "", query: options.query(including: place)).checkedPage(after: after)
            return options.associations.isEmpty ? page : try await withAllLinks(page: page)
        }
        let ids = ReadOptions(
            properties: ["hs_object_id"], associations: options.associations, archived: options.archived)
        var page = try await call(.get, "", query: ids.query(including: place)).checkedPage(after: after)
        if !options.associations.isEmpty { page = try await withAllLinks(page: page) }
        let bare = page.field("results")?.elements() ?? []
        var inBody = options
        inBody.associations = []
        let outcome = await read(bare.compactMap { $0.recordID.map { .id($0) } }, inBody)
        if let failure = outcome.failures.first(where: { $0.error.kind != .notFound }) { throw failure.error }
        let links = Dictionary(bare.map { ($0.recordID ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        return Self.page(
            outcome.successes.map { success in
                links[success.record.recordID ?? ""].map { success.record.withAssociations(of: $0) } ?? success.record
            }, paging: page.field("paging"))
    }

    /// One page of hits: `{ total, results, paging }`.
    public func search(_ query: SearchQuery) async throws(HubSpotError) -> JSONSlice {
        do throws(HubSpotError) {
            return try await call(.post, "/search", body: query.json).checkedPage(after: query.after)
        } catch {
            throw await explained(error, query)
        }
    }

    /// How many records match: all of the type for an empty query. One search.
    public func count(_ query: SearchQuery = SearchQuery()) async throws(HubSpotError) -> Int64 {
        var smallest = query
        smallest.limit = 1
        smallest.after = nil
        smallest.sorts = []
        smallest.properties = ["hs_object_id"]
        guard let total = try await search(smallest).field("total")?.integer else {
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
    public var recordID: String? { field("id")?.idText }

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
