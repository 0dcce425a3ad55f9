/// Reads and changes the records of one type: ``Session/contacts``, ``Session/companies``, ``Session/objects(_:)``.
///
/// ```swift
/// let ada = try await session.contacts.get(.email("ada@example.com"), ReadOptions(properties: ["firstname"]))
/// ```
///
/// Calls may be made from any number of tasks at once. Those of one kind that wait for the quota together travel as one
/// request for up to 100 records, since HubSpot counts requests and not records
/// (source: [usage guidelines](https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines)).
/// Writes to one record go out in the order of the calls.
///
/// Every call throws ``HubSpotError``; cancelling its task gives it up with kind `cancelled`.
public struct Records: Sendable {
    let objects: CRMObjects

    /// The type of the records.
    public var type: ObjectType { objects.type }

    // MARK: One record

    /// Fetches one record.
    ///
    /// - Throws: kind `notFound` where there is none, or it is archived and ``ReadOptions/archived`` is not set.
    public func get(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> Record
    {
        try Record(await objects.get(record, options))
    }

    /// Fetches one record; nil where there is none.
    public func find(_ record: RecordReference, _ options: ReadOptions = ReadOptions()) async throws(HubSpotError)
        -> Record?
    {
        guard let found = try await objects.find(record, options) else { return nil }
        return try Record(found)
    }

    /// Creates one record.
    ///
    /// It is never sent a second time by itself: where the answer is lost, the error's ``HubSpotError/fateIsUnknown``
    /// is set.
    /// - Parameter links: Ids of the records that it is to be linked to, by the plural names of their types:
    ///   `["companies": ["900"]]`.
    /// - Throws: kind `validation` where HubSpot takes a value not; kind `conflict` where there is such a record, whose
    ///   id is ``HubSpotError/existingID``.
    public func create(_ properties: PropertyBag, links: [String: [String]] = [:]) async throws(HubSpotError) -> Record
    {
        guard !links.isEmpty else { return try Record(await objects.create(properties)) }
        let targets = links.sorted { $0.key < $1.key }.flatMap { type, ids in ids.map { (ObjectType(type), $0) } }
        let associations = try await Associations(session: objects.session).links(
            of: type, to: targets.map { (type: $0.0, id: $0.1) })
        return try Record(await objects.create(properties, associations: associations))
    }

    /// Changes properties of one record; those that are left out stay as they are, and the empty text clears one.
    ///
    /// - Returns: The record with the changed properties.
    /// - Throws: kind `notFound`, `validation` or `conflict`.
    public func update(_ record: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> Record {
        try Record(await objects.update(record, properties))
    }

    /// Changes the record that a unique value names, or creates it; ``Record/isNew`` says which.
    ///
    /// - Parameter record: Named by a property whose values are unique: `.email("ada@example.com")`.
    /// - Throws: kind `validation` or `conflict`.
    public func upsert(_ record: RecordReference, _ properties: PropertyBag) async throws(HubSpotError) -> Record {
        try Record(await objects.upsert(record, properties))
    }

    /// Moves one record to the recycle bin, from which HubSpot restores it for 90 days. One that is not there is no
    /// error.
    public func archive(_ record: RecordReference) async throws(HubSpotError) { try await objects.archive(record) }

    /// Merges `other` into `primary`, whose values win. Cannot be undone.
    ///
    /// - Returns: The record that is left; HubSpot may give it a new id.
    public func merge(_ primary: RecordReference, _ other: RecordReference) async throws(HubSpotError) -> Record {
        try Record(await objects.merge(primary, other))
    }

    // MARK: Many records

    /// All records in order of their ids.
    public func all(_ options: ReadOptions = ReadOptions()) -> RecordSequence {
        RecordSequence(pages: list(options, limit: options.batchSize))
    }

    /// Pages of records in order of their ids.
    ///
    /// - Parameters:
    ///   - limit: Records on a page: 100 at most, 50 with ``ReadOptions/propertiesWithHistory``; 10 where it is nil.
    ///   - after: Where the first page begins: a ``RecordPage/next``.
    public func list(_ options: ReadOptions = ReadOptions(), limit: Int? = nil, after: String? = nil) -> RecordPages {
        RecordPages { [objects] place throws(HubSpotError) in
            let page = try RecordPage(await objects.list(options, limit: limit, after: place?.cursor ?? after))
            return (page, page.next.map { .cursor($0) })
        }
    }

    /// The records that match a query, in order of their ids, past the 10,000 that HubSpot's pages reach; or in the
    /// order of ``SearchQuery/sorts``, up to 10,000.
    ///
    /// HubSpot's index is some seconds behind the writes. A record that changes while a loop runs moves no other out
    /// of it.
    /// - Throws: The loop, with kind `validation` for a query that HubSpot does not take, and kind `invalidArgument` for one with
    ///   a condition that is empty.
    public func search(_ query: SearchQuery) -> RecordSequence {
        RecordSequence(
            pages: RecordPages { [objects] place throws(HubSpotError) in
                let (page, next) = try await objects.searchAll(query, at: place?.hits)
                return (try RecordPage(page, isSearch: true), next.map { .hits($0) })
            })
    }

    /// How many records match a query; without one, how many there are. One search.
    ///
    /// - Throws: As the loop over ``search(_:)`` does.
    public func count(_ query: SearchQuery = SearchQuery()) async throws(HubSpotError) -> Int64 {
        try await objects.count(query)
    }
}
