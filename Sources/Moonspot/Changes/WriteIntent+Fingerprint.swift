import Crypto
import HubSpot

extension WriteIntent {
    /// Tells two writes apart by what they ask for: method, path and body.
    var fingerprint: String {
        var hash = SHA256()
        hash.update(data: Array("\(method) \(path)\n".utf8))
        if let body { hash.update(data: body) }
        return hash.finalize().prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
