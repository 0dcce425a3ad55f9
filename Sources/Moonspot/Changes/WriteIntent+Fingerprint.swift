import Digests
import HubSpot

extension WriteIntent {
    /// Tells two writes apart by what they ask for: method, path and body.
    var fingerprint: String {
        // 128 bits.
        String(Digest.sha256(Array("\(method) \(path)\n".utf8) + (body ?? [])).hexadecimal.prefix(32))
    }
}
