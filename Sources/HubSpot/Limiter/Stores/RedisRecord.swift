/// A record as it lies on the server: eight bytes for its version, eight for the portal that a token belongs to (zero: not
/// known), then its content.
struct RedisRecord {
    var version: [UInt8] = []
    var portalID: Int64?
    /// Nil where there is no record.
    var content: [UInt8]?

    init(_ record: TokenRecord, portalID: Int64?, at now: Duration) {
        self.init(content: LimiterRecordCoding.encode(record, at: now), portalID: portalID)
    }

    init(_ record: AccountRecord, at now: Duration) {
        self.init(content: LimiterRecordCoding.encode(record, at: now), portalID: nil)
    }

    private init(content: [UInt8], portalID: Int64?) {
        version = Self.bytes(UInt64.random(in: .min ... .max))
        self.portalID = portalID
        self.content = content
    }

    /// - Parameter bytes: None for a record that does not exist.
    init(_ bytes: [UInt8]) {
        version = Array(bytes.prefix(8))
        guard bytes.count >= 16 else {
            // Too short to be one: damage, unless there is nothing.
            content = bytes.isEmpty ? nil : []
            return
        }
        let portal = bytes[8..<16].reduce(0) { $0 << 8 | Int64($1) }
        portalID = portal == 0 ? nil : portal
        content = Array(bytes[16...])
    }

    var bytes: [UInt8] { version + Self.bytes(UInt64(bitPattern: portalID ?? 0)) + (content ?? []) }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}

/// What ``RedisScript`` answers.
struct RedisRecordsReply {
    /// The server's time.
    let now: Duration
    /// Where all records were known, so that what was to be written is.
    let isWritten: Bool
    /// Nil for those that were known.
    let records: [RedisRecord?]

    /// Nil for an answer that makes no sense.
    init?(_ reply: RedisReply, records count: Int) {
        guard let list = reply.list, list.count == count + 2, let time = list[0].text.flatMap({ Int64($0) }),
            (0...Self.latest).contains(time)
        else { return nil }
        now = .microseconds(time)
        isWritten = list[1].integer == 1
        records = list[2...].map { $0.integer == 1 ? nil : RedisRecord($0.bytes ?? []) }
    }

    /// In the year 2100.
    private static let latest: Int64 = 4_102_444_800_000_000
}

extension Duration {
    /// Rounded up: no wait and no place is shorter for it.
    var microsecondsUp: Int64 {
        components.seconds * 1_000_000 + (components.attoseconds + 999_999_999_999) / 1_000_000_000_000
    }
}
