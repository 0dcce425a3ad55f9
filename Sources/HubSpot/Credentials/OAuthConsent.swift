import Digests
import Foundation
import Wire

/// One person's consent, from the address of the page to the code that comes back.
package struct OAuthConsent: Sendable {
    /// Comes back with the answer, and tells that it belongs to this login.
    package let state: String
    /// PKCE's: proves to the token endpoint that the code is asked for by the program that has sent the person to the page.
    package let verifier: String

    package init() {
        state = Self.random()
        verifier = Self.random()
    }

    /// S256 of the verifier. A server that does not know PKCE passes it over.
    var challenge: String { Self.text(Digest.sha256(verifier.utf8).bytes) }

    /// Where the person is sent.
    package func address(
        of page: OAuthEndpoint, clientID: String, redirectURI: String, scopes: [String], optionalScopes: [String]
    ) -> String {
        var items = [
            ("client_id", clientID), ("redirect_uri", redirectURI), ("scope", scopes.joined(separator: " ")),
            ("response_type", "code"), ("state", state), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
        if !optionalScopes.isEmpty { items.append(("optional_scope", optionalScopes.joined(separator: " "))) }
        return "\(page)?" + items.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    }

    /// 256 bits.
    private static func random() -> String {
        var dice = SystemRandomNumberGenerator()
        return text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &dice) })
    }

    /// Base64 as addresses have it.
    private static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
