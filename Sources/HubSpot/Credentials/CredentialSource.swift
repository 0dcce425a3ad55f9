/// How a session gets its token. Asked on the first call, so that what needs no network needs no credential, and once more
/// after an answer of 401 which says that the token has expired.
public protocol CredentialSource: Sendable {
    /// The token to send now. May run a program or read a file; the session keeps the answer, and all who call at the same
    /// time share one asking.
    ///
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which says where a token was looked for.
    func token() async throws(HubSpotError) -> AccessToken
}

/// A token that is known already.
public struct FixedCredential: CredentialSource {
    private let known: AccessToken

    public init(_ token: AccessToken) { known = token }

    public func token() async throws(HubSpotError) -> AccessToken { known }
}
