import Digests
import Testing

/// Examples of FIPS 180-4 and RFC 4231.
@Suite("A digest") struct DigestTests {
    @Test(
        "is SHA-1's",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ])
    func sha1(_ text: String, _ digest: String) {
        #expect(Digest.sha1(text.utf8).hexadecimal == digest)
    }

    @Test(
        "is SHA-256's",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(_ text: String, _ digest: String) {
        #expect(Digest.sha256(text.utf8).hexadecimal == digest)
    }

    @Test("is HMAC's under a short key and one longer than a block")
    func hmac() {
        #expect(
            Digest.hmacSHA256("what do ya want for nothing?".utf8, key: "Jefe".utf8).hexadecimal
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Digest.hmacSHA256(
                "Test Using Larger Than Block-Size Key - Hash Key First".utf8, key: [UInt8](repeating: 0xaa, count: 131)
            ).hexadecimal == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}
