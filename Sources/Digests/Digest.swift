private import CDigest

/// Digests of bytes, by Debian's libmd: the functions of the BSDs' C libraries, which libedit brings along anyway. A whole
/// cryptography library would be built and linked for three digests.
///
/// Leaf: knows nothing of the other targets.
package struct Digest: Sendable, Hashable {
    /// 20 bytes of SHA-1, 32 of SHA-256.
    package let bytes: [UInt8]

    /// By which Redis knows a script: no protection against forgery.
    package static func sha1(_ input: some Sequence<UInt8>) -> Digest {
        var context = SHA1_CTX()
        SHA1Init(&context)
        let input = Array(input)
        SHA1Update(&context, input, input.count)
        var bytes = [UInt8](repeating: 0, count: Int(SHA1_DIGEST_LENGTH))
        SHA1Final(&bytes, &context)
        return Digest(bytes: bytes)
    }

    package static func sha256(_ input: some Sequence<UInt8>) -> Digest {
        var context = SHA2_CTX()
        SHA256Init(&context)
        let input = Array(input)
        SHA256Update(&context, input, input.count)
        var bytes = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256Final(&bytes, &context)
        return Digest(bytes: bytes)
    }

    /// HMAC-SHA256 (RFC 2104): tells nothing of the message to those who do not know it, and is another one under another key.
    package static func hmacSHA256(_ message: some Sequence<UInt8>, key: some Sequence<UInt8>) -> Digest {
        let block = 64
        var padded = Array(key)
        if padded.count > block { padded = sha256(padded).bytes }
        padded += [UInt8](repeating: 0, count: block - padded.count)
        let inner = sha256(padded.map { $0 ^ 0x36 } + message)
        return sha256(padded.map { $0 ^ 0x5c } + inner.bytes)
    }

    /// In lower case, two digits a byte.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
