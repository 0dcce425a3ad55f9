import ArgumentParser
import Bindings
import HubSpot
import JSON
import Quota
import Wire
import Words

/// `moonspot auth status`.
struct AuthStatusCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Which credential is used, whether HubSpot takes it, and what it opens.",
        discussion: """
            Asks HubSpot for the account's details and the token's scopes, two requests. Exit status: 0 it works, 3 it does \
            not. With --all it asks for each profile; HUBSPOT_ACCESS_TOKEN plays no part then.
            """)

    @OptionGroup var session: SessionArguments

    @Flag(help: "Every profile of config.toml.")
    var all = false

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(session.portal.logLevel) {
            try Report.check(session.output, of: "auth status")
            session.noteUnheeded(by: "auth status")
            guard all else {
                let workspace = try Workspace(options: session.options, environment: environment)
                let finding = await CredentialStatus.ask(workspace, environment)
                finding.report.write(as: session.output)
                if let failure = finding.failure { throw failure }
                return
            }
            try await askAll(environment)
        }
    }

    private func askAll(_ environment: ProcessEnvironment) async throws {
        let file = try ConfigurationFile.load(environment.configurationPath)
        guard !file.names.isEmpty else {
            throw AuthProblem(.refused, "no profiles in \(file.path); make one with moonspot auth login")
        }
        var environment = environment
        environment.token = nil
        var documents: [JSONValue] = []
        var broken: [String] = []
        for name in file.names.sorted() {
            var options = session.options
            options.profile = name
            var report = Report()
            do throws(ConfigurationError) {
                let workspace = try Workspace(options: options, environment: environment)
                let finding = await CredentialStatus.ask(workspace, environment)
                report = finding.report
                if finding.failure != nil { broken.append(name) }
            } catch {
                report.add("profile", name)
                report.add("state", "misconfigured")
                report.add("token", error.message)
                report.add("works", false)
                broken.append(name)
            }
            documents.append(report.document)
            guard session.output == .text else { continue }
            if documents.count > 1 { Output.standard.line("") }
            report.write(as: .text)
        }
        if session.output != .text { Output.standard.write(JSONValue.array(documents).bytes + [0x0A]) }
        if !broken.isEmpty {
            throw AuthProblem(
                .refused,
                broken.count == 1
                    ? "profile '\(broken[0])' does not work"
                    : "these profiles do not work: \(broken.joined(separator: ", "))"
            )
        }
    }
}

/// What HubSpot says of the credential that a session would use.
struct CredentialStatus {
    var report = Report()
    /// Why it does not work; nil where it does.
    var failure: (any Error)?

    static func ask(_ workspace: Workspace, _ environment: ProcessEnvironment) async -> CredentialStatus {
        var status = CredentialStatus()
        let description = workspace.source.description
        status.report.add("profile", description.profile, orElse: "none")
        status.report.add("kind", description.auth, orElse: "none")
        status.report.add("credential", workspace.credentialOrigin)
        if description.auth == nil {
            status.report.add("state", "missing")
            status.failure = AuthProblem(
                .refused, "no credential is set up: set HUBSPOT_ACCESS_TOKEN or run moonspot auth login")
        } else {
            await status.askHubSpot(workspace, environment)
        }
        status.report.add("base URL", description.baseURL, orElse: "the simulator's own")
        status.report.add("configuration", environment.configurationPath)
        status.report.add("works", status.failure == nil)
        await workspace.close()
        return status
    }

    private mutating func askHubSpot(_ workspace: Workspace, _ environment: ProcessEnvironment) async {
        do throws(HubSpotError) {
            let session = try await workspace.source.session()
            let account = try await session.ownDetails()
            report.add("state", "works")
            report.add("token", session.configuration.credential.map { _ in "accepted" } ?? "the simulator's own")
            report.add("portal", account.portalID, orElse: "not told")
            report.add("account", account.accountType, orElse: "not told")
            report.add("region", account.region?.description, orElse: "not told")
            await addScopes(session)
            if let limits = try? await session.limits() { addQuota(limits) }
            if let end = try await session.credentialEnd() {
                report.add("ends", "\(Timestamp.iso(end.components.seconds * 1000)), and is renewed before")
            }
            addAge(workspace, environment, session.configuration.clock.unixTime)
        } catch {
            let (state, verdict) = Self.verdict(error)
            report.add("state", state)
            report.add("token", "\(verdict): \(error.message)")
            failure = error
        }
    }

    /// Without an answer about them, the rest is still worth telling.
    private mutating func addScopes(_ session: Session) async {
        guard let scopes = try? await session.ownScopes() else { return }
        let configuration = session.configuration
        report.add("scopes", lines: Self.lines(of: scopes), .strings(scopes))
        var opened: [String] = []
        for permission in scopes.flatMap(ScopeCatalogue.opened) where !opened.contains(permission.description) {
            opened.append(permission.description)
        }
        report.add("opens", opened, orElse: "nothing here")
        report.add(
            "missing", ScopeCatalogue.missing(from: scopes, for: configuration.permissions),
            orElse: "nothing that moonspot uses")
        report.add(
            "excess",
            ScopeCatalogue.excess(in: scopes, over: configuration.permissions, readOnly: configuration.isReadOnly),
            orElse: "nothing")
    }

    /// What each scope opens here.
    private static func lines(of scopes: [String]) -> [String] {
        let width = (scopes.map { DisplayWidth.of($0) }.max() ?? 0) + 2
        return scopes.sorted().map { scope in
            let opened = ScopeCatalogue.opened(by: scope).map(\.description)
            let what = opened.isEmpty ? "opens nothing here" : "opens \(opened.joined(separator: ", "))"
            return DisplayWidth.pad(scope, to: width) + what
        }
    }

    private mutating func addQuota(_ limits: LimitsState) {
        let burst = limits.burst.limit
        let daily = limits.daily.limit.flatMap { $0.isFinite ? $0 : nil }
        let source =
            switch limits.source {
            case .headers: "by HubSpot's headers"
            case .option: "by --limits"
            case .profile: "by the profile"
            case .default: "not told by HubSpot yet"
            }
        report.add("tier", QuotaSpecification.tierName(burst: burst, daily: daily), orElse: "not told by the limits")
        if burst.isFinite {
            let window = "\(Counts.grouped(Int(burst))) calls in \(limits.burst.window.words)"
            report.add(
                "limits",
                lines: [
                    ([window] + [daily.map { "\(Counts.grouped(Int($0))) a day" }].compactMap { $0 })
                        .joined(separator: ", ") + " (\(source))"
                ],
                LimitsDocument.json(limits, processes: []))
        }
        guard let daily else { return }
        let left = limits.daily.remaining.map { ", \(Counts.grouped(Int($0))) left" } ?? ""
        let until = limits.daily.resetsAt.map { " until \($0)" } ?? ""
        report.add(
            "day",
            "\(Counts.grouped(Int(limits.daily.used))) of \(Counts.grouped(Int(daily))) calls used\(left)\(until)")
    }

    private mutating func addAge(_ workspace: Workspace, _ environment: ProcessEnvironment, _ now: Duration) {
        guard let name = workspace.source.description.profile, environment.token == nil,
            let profile = try? ConfigurationFile.load(environment.configurationPath).profile(name),
            let day = profile.loggedIn, let days = LoginAge.days(since: day, at: now)
        else { return }
        report.add("age", LoginAge.words(days, profile.auth))
    }

    private static func verdict(_ error: HubSpotError) -> (state: String, words: String) {
        switch error.kind {
        case .unauthenticated where error.tokenHasExpired: ("expired", "expired")
        case .unauthenticated where error.tokenIsUnknown: ("unrecognised", "not accepted")
        case .unauthenticated where error.status == nil: ("unreadable", "not readable")
        case .unauthenticated, .forbidden: ("refused", "not accepted")
        default: ("unchecked", "not checked")
        }
    }
}
