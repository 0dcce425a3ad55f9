/// A record as it lies on the server: eight bytes for its version, eight for the account that a credential belongs to
/// (zero: not known), then its content.
struct RedisRecord {
    var version: [UInt8] = []
    var accountID: Int64?
    /// Nil where there is no record.
    var content: [UInt8]?

    init(_ content: [UInt8], accountID: Int64? = nil) {
        version = Self.bytes(UInt64.random(in: .min ... .max))
        self.accountID = accountID
        self.content = content
    }

    /// - Parameter bytes: None for a record that does not exist.
    init(bytes: [UInt8]) {
        version = Array(bytes.prefix(8))
        guard bytes.count >= 16 else {
            // Too short to be one: damage, unless there is nothing.
            content = bytes.isEmpty ? nil : []
            return
        }
        let account = bytes[8..<16].reduce(0) { $0 << 8 | Int64($1) }
        accountID = account == 0 ? nil : account
        content = Array(bytes[16...])
    }

    var bytes: [UInt8] { version + Self.bytes(UInt64(bitPattern: accountID ?? 0)) + (content ?? []) }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}

/// The answer of ``RedisScript``.
struct RedisRecordsReply {
    /// The server's time.
    let now: Duration
    /// Where all records were as known, so that the new ones are written.
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
        records = list[2...].map { $0.integer == 1 ? nil : RedisRecord(bytes: $0.bytes ?? []) }
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
