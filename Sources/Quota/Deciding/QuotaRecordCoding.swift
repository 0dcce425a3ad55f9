/// The records as bytes: a version, the moment of writing, then whole numbers of variable length, moments as distances
/// from it in nanoseconds. 190 places take some 900 bytes.
struct QuotaRecordCoding: Sendable {
    static let version: UInt8 = 2

    /// How many lanes are the client's and how many the account's: the bytes do not say.
    private let lanes: (client: Int, account: Int)

    init(_ layout: QuotaLayout) { lanes = (layout.lanes(.client).count, layout.lanes(.account).count) }

    func encode(_ record: ClientRecord, at now: Duration) -> [UInt8] {
        var writer = ByteWriter(now)
        writer.lanes(record.lanes, lanes.client)
        if case .limited(let count, let window)? = record.learnt {
            writer.number(count)
            writer.number(window.nanoseconds)
        } else {
            writer.number(0)
        }
        writer.number(record.claims.count)
        for claim in record.claims {
            writer.number(Int64(bitPattern: claim.owner))
            writer.number(claim.lanes.rawValue)
            writer.moment(claim.until)
        }
        writer.number(record.consoles.count)
        for console in record.consoles {
            writer.number(Int64(bitPattern: console.owner))
            writer.moment(console.until)
        }
        return writer.bytes
    }

    func encode(_ record: AccountRecord, at now: Duration) -> [UInt8] {
        var writer = ByteWriter(now)
        writer.lanes(record.lanes, lanes.account)
        let day = record.day
        writer.optional(day.limit)
        writer.optional(day.remaining)
        writer.number(day.counted)
        writer.number(day.taken)
        writer.optionalMoment(day.resetsAt)
        writer.optionalMoment(day.closedUntil)
        return writer.bytes
    }

    /// - Returns: Nil for what was written at a later moment than now: another boot's, whose clock began anew.
    /// - Throws: ``RecordDamage``.
    func client(_ bytes: some Sequence<UInt8>, at now: Duration) throws -> ClientRecord? {
        guard var reader = try ByteReader(bytes, at: now) else { return nil }
        var record = ClientRecord()
        for _ in 0..<lanes.client { record.lanes.append(try reader.lane()) }
        let count = try reader.int()
        if count > 0 { record.learnt = .limited(count: count, per: try reader.window()) }
        for _ in 0..<(try reader.count()) {
            record.claims.append(
                PriorityClaim(
                    owner: UInt64(bitPattern: try reader.number()), lanes: LaneSet(rawValue: try reader.int()),
                    until: try reader.moment()))
        }
        for _ in 0..<(try reader.count()) {
            record.consoles.append(
                OpenConsole(owner: UInt64(bitPattern: try reader.number()), until: try reader.moment()))
        }
        return record
    }

    func account(_ bytes: some Sequence<UInt8>, at now: Duration) throws -> AccountRecord? {
        guard var reader = try ByteReader(bytes, at: now) else { return nil }
        var record = AccountRecord()
        for _ in 0..<lanes.account { record.lanes.append(try reader.lane()) }
        record.day.limit = try reader.optional()
        record.day.remaining = try reader.optional()
        record.day.counted = try reader.int()
        record.day.taken = try reader.int()
        record.day.resetsAt = try reader.optionalMoment()
        record.day.closedUntil = try reader.optionalMoment()
        return record
    }
}
