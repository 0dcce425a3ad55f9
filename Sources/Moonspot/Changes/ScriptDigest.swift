import Digests

/// Tells whether a script's file has changed.
enum ScriptDigest {
    /// Nil for one that cannot be read.
    static func of(_ path: String) -> String? {
        guard path != "-", let bytes = try? FileBytes.read(path) else { return nil }
        return Digest.sha256(bytes).hexadecimal
    }
}
