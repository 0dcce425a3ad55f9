/// How a session gets its credential. Asked on the first call, so that a program which needs no network needs no credential; again
/// with a tenth of its life left; and once more after an answer of 401 which says that it has expired.
public protocol CredentialSource: Sendable {
    /// Where its secrets go, known without asking for one.
    var placement: CredentialPlacement { get }

    /// How one of its secrets gets another scope.
    var granting: ScopeGranting { get }

    /// The credential to send now. May run a program, read a file or ask a server; the session keeps the answer, and all
    /// calls at the same time share one fetch.
    ///
    /// - Parameter old: One that is nearly over, or that HubSpot takes no more; nil where any will do.
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which says where a secret was looked for.
    func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential
}

extension CredentialSource {
    /// `Authorization: Bearer SECRET`.
    public var placement: CredentialPlacement { .bearer }
    public var granting: ScopeGranting { .inSettings }
}

/// How a credential gets another scope.
public enum ScopeGranting: Sendable, Hashable {
    /// A service key or a private app: in HubSpot's settings, and it has it.
    case inSettings
    /// An OAuth app: it asks for more, and gets another token.
    case byApp
}

/// A secret that is known already.
public struct FixedCredential: CredentialSource {
    private let known: AccessToken
    /// Where the secret stands on a request.
    public let placement: CredentialPlacement

    /// A secret that does not change.
    public init(_ token: AccessToken, placement: CredentialPlacement = .bearer) {
        known = token
        self.placement = placement
    }

    /// The same every time.
    public func credential(replacing old: Credential?) async throws(HubSpotError) -> Credential {
        Credential(known, placement: placement)
    }
}
