import Crypto

/// Tells whether a script's file has changed.
enum ScriptDigest {
    /// Nil for one that cannot be read.
    static func of(_ path: String) -> String? {
        guard path != "-", let bytes = try? FileBytes.read(path) else { return nil }
        return SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
