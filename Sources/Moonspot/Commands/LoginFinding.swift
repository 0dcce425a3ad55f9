import HubSpot

/// What HubSpot says of a credential that was just given.
struct LoginFinding {
    var portalID: Int64?
    var account: AccountDetails?
    /// Nil where the kind of credential has none.
    var scopes: [String]?
    /// What shows of it.
    var credential: String

    /// Asks for the account's details, and for what the credential may do.
    ///
    /// - Parameter scopes: Where the issuer has told them.
    static func test(
        _ configuration: SessionConfiguration, credential: String, scopes: [String]? = nil
    ) async throws(HubSpotError) -> LoginFinding {
        let session = Session(configuration)
        do throws(HubSpotError) {
            var finding = LoginFinding(scopes: scopes, credential: credential)
            do throws(HubSpotError) {
                finding.account = try await session.ownDetails()
                finding.portalID = finding.account?.portalID
            } catch {
                // It was recognised, and may not read the account.
                guard error.kind == .forbidden, scopes != nil else { throw error }
            }
            if finding.scopes == nil {
                do throws(HubSpotError) { finding.scopes = try await session.ownScopes() } catch {
                    // Servers that are not HubSpot's need not know this call; the credential has worked by now.
                    guard error.kind != .cancelled else { throw error }
                }
            }
            await session.close()
            return finding
        } catch {
            await session.close()
            throw error
        }
    }

    /// Tells it on standard output, and warns on standard error.
    func show(profile: String, isDefault: Bool, path: String, _ configuration: SessionConfiguration) {
        let portal = portalID.map { "portal \($0)" } ?? "a portal that did not tell its id"
        Output.standard.line("profile '\(profile)' is set up for \(portal) with \(credential)")
        if let account {
            let parts = [account.accountType.map { "account \($0)" }, account.region.map { "region \($0)" }]
            Output.standard.line(parts.compactMap { $0 }.joined(separator: ", "))
        }
        for line in scopeLines { Output.standard.line(Escaping.visible(line)) }
        if !isDefault {
            Output.standard.line(
                "use it with --profile \(profile), or make it the default: moonspot auth default \(profile)")
        }
        guard let scopes else { return }
        let excess = ScopeCatalogue.excess(
            in: scopes, over: configuration.permissions, readOnly: configuration.isReadOnly)
        if !excess.isEmpty {
            Output.complain(
                Escaping.visible(
                    "it may do more than moonspot needs here: \(excess.joined(separator: ", ")); take these scopes away in HubSpot's settings"
                ))
        }
    }

    private var scopeLines: [String] {
        guard let scopes, !scopes.isEmpty else { return [] }
        return ["scopes:"]
            + scopes.sorted().map { scope in
                let opened = ScopeCatalogue.opened(by: scope).map(\.description)
                return "  \(scope)" + (opened.isEmpty ? "" : " opens \(opened.joined(separator: ", "))")
            }
    }
}
