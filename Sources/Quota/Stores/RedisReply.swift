import CHiredis

/// An answer of Redis.
enum RedisReply: Sendable, Equatable {
    /// Text, or a record.
    case bytes([UInt8])
    case integer(Int64)
    case list([RedisReply])
    case none
    case error(String)

    init(_ reply: UnsafeMutablePointer<redisReply>) {
        let value = reply.pointee
        var bytes: [UInt8] {
            guard let bytes = value.str else { return [] }
            return Array(UnsafeRawBufferPointer(start: bytes, count: Int(value.len)))
        }
        switch value.type {
        case REDIS_REPLY_INTEGER: self = .integer(value.integer)
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .bytes(bytes)
        case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            self = .list((0..<Int(value.elements)).map { value.element[$0].map { RedisReply($0) } ?? .none })
        default: self = .none
        }
    }

    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var list: [RedisReply]? { if case .list(let list) = self { list } else { nil } }
}
