/// Where a session's token comes from. Asked on the first call, so that what needs no network needs no credential.
public protocol CredentialSource: Sendable {
    /// `token`, `oauth` or `api_key`, as `hubspot.session.auth` shows it.
    var kind: CredentialKind { get }

    /// The token to send now. May run a program or read a file; the session asks once and keeps the answer.
    ///
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which says where a token was looked for.
    func token() async throws(HubSpotError) -> AccessToken
}

public enum CredentialKind: String, Sendable, CaseIterable {
    case token
    case oauth
    case apiKey = "api_key"
}

/// A token that is known already.
public struct FixedCredential: CredentialSource {
    public let kind = CredentialKind.token
    private let known: AccessToken

    public init(_ token: AccessToken) { known = token }

    public func token() async throws(HubSpotError) -> AccessToken { known }
}
