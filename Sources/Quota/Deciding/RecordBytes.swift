/// Bytes that no limiter wrote.
struct RecordDamage: Error {}

/// Writes whole numbers of variable length, and moments as distances from the moment of writing.
struct ByteWriter {
    private(set) var bytes: [UInt8] = [QuotaRecordCoding.version]
    private let base: Int64

    init(_ now: Duration) {
        base = now.nanoseconds
        bytes.reserveCapacity(1024)
        number(base)
    }

    /// Near zero is short, with either sign.
    mutating func number(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        if rest < 0x80 { return bytes.append(UInt8(rest)) }
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func number(_ value: Int) { number(Int64(value)) }

    mutating func moment(_ moment: Duration) { number(moment.nanoseconds - base) }

    mutating func optional(_ value: Int?) {
        number(value == nil ? 0 : 1)
        if let value { number(value) }
    }

    mutating func optionalMoment(_ value: Duration?) {
        number(value == nil ? 0 : 1)
        if let value { moment(value) }
    }

    /// So many lanes: those of the list, then some in which nothing was counted.
    mutating func lanes(_ list: [LaneRecord], _ count: Int) {
        for index in 0..<count { lane(list.indices.contains(index) ? list[index] : LaneRecord()) }
    }

    private mutating func lane(_ lane: LaneRecord) {
        number(lane.taken)
        number(lane.horizon.nanoseconds)
        optionalMoment(lane.closedUntil)
        number(lane.unanswered.count)
        for place in lane.unanswered {
            number(Int64(bitPattern: place.id))
            moment(place.deadline)
        }
        for places in [lane.answered, lane.foreign] {
            number(places.count)
            var last = base
            for place in places {
                number(place.nanoseconds - last)
                number(place.count)
                last = place.nanoseconds
            }
        }
    }
}

/// Reads the bytes of a ``ByteWriter``. Whatever they are, reading ends, and no figure overflows the sums made with
/// it.
struct ByteReader {
    private let bytes: [UInt8]
    private var index = 1
    private var base: Int64 = 0

    init?(_ bytes: some Sequence<UInt8>, at now: Duration) throws {
        self.bytes = Array(bytes)
        guard self.bytes.first == QuotaRecordCoding.version else { throw RecordDamage() }
        base = try number()
        if base > now.nanoseconds { return nil }
    }

    mutating func number() throws -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard index < bytes.count, shift < 64 else { throw RecordDamage() }
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            shift += 7
        }
    }

    /// No count of ours comes near the bounds, so that nothing overflows that is done with them.
    mutating func int() throws -> Int {
        let value = try number()
        guard (-(1 << 53)...(1 << 53)).contains(value) else { throw RecordDamage() }
        return Int(value)
    }

    /// Of elements that take a byte each at least.
    mutating func count() throws -> Int {
        let count = try int()
        guard (0...bytes.count).contains(count) else { throw RecordDamage() }
        return count
    }

    /// How many places: not less than none, and never so many that their sum overflows.
    private mutating func places(upTo most: Int) throws -> Int {
        let count = try int()
        guard (0...most).contains(count) else { throw RecordDamage() }
        return count
    }

    /// W: of some length, and a day at most.
    mutating func window(from least: Int64 = 1) throws -> Duration {
        let length = try number()
        guard (least...86_400_000_000_000).contains(length) else { throw RecordDamage() }
        return .nanoseconds(length)
    }

    /// Within 73 years of the clock's beginning, so that a window more or less overflows nothing.
    private func moment(_ nanoseconds: (partialValue: Int64, overflow: Bool)) throws -> Int64 {
        guard !nanoseconds.overflow, (-(1 << 61)...(1 << 61)).contains(nanoseconds.partialValue) else {
            throw RecordDamage()
        }
        return nanoseconds.partialValue
    }

    mutating func moment() throws -> Duration {
        .nanoseconds(try moment(base.addingReportingOverflow(try number())))
    }

    mutating func optional() throws -> Int? { try number() == 0 ? nil : try int() }
    mutating func optionalMoment() throws -> Duration? { try number() == 0 ? nil : try moment() }

    mutating func lane() throws -> LaneRecord {
        var lane = LaneRecord()
        lane.taken = try int()
        lane.horizon = try window(from: 0)
        lane.closedUntil = try optionalMoment()
        let unanswered = try count()
        lane.unanswered.reserveCapacity(unanswered)
        for _ in 0..<unanswered {
            lane.unanswered.append(.init(id: UInt64(bitPattern: try number()), deadline: try moment()))
        }
        lane.answered = try placeList()
        lane.foreign = try placeList()
        return lane
    }

    private mutating func placeList() throws -> [LaneRecord.Place] {
        let count = try count()
        var places: [LaneRecord.Place] = []
        places.reserveCapacity(count)
        var last = base
        for _ in 0..<count {
            last = try moment(last.addingReportingOverflow(try number()))
            places.append(.init(nanoseconds: last, count: try self.places(upTo: 1 << 42)))
        }
        return places
    }
}
