/// Makes UUIDs as text.
enum UUIDs {
    /// A version 7 UUID, as HubSpot's correlation ids are in 2026.
    static func version7(milliseconds: Int64) -> String {
        let high = UInt64(bitPattern: milliseconds) << 16 | 0x7000 | UInt64.random(in: 0...0xFFF)
        let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return text(high, low)
    }

    static func version4() -> String {
        let high = UInt64.random(in: .min ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(36)
        for (index, word) in [high, low].enumerated() {
            for nibble in 0..<16 {
                let place = index * 16 + nibble
                if place == 8 || place == 12 || place == 16 || place == 20 { result.append(UInt8(ascii: "-")) }
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - nibble * 4)) & 15
                result.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
