import ArgumentParser
import Bindings
import HubSpot
import JSON
import Quota
import Words

/// `moonspot doctor`.
struct DoctorCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "doctor", abstract: "What is set up, what is missing, how to mend it.",
        discussion: """
            Checks files and their permissions, the keyring, the terminal, the way to HubSpot (proxy, DNS, TCP, TLS, the \
            clock), the quota's store and the credential. Sends HubSpot two requests at most, one of them without the \
            credential. Exit status: 0 nothing is broken; 2 the configuration is; 3 the credential is not accepted; 5 \
            HubSpot cannot be reached; 1 for anything else. Without a credential the way to HubSpot is only noted.
            """)

    @OptionGroup var session: SessionArguments

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        StandardErrorLog.start(level: session.portal.logLevel)
        do {
            try Report.check(session.output, of: "doctor")
            session.noteUnheeded(by: "doctor")
        } catch {
            Output.complain(error.message)
            return .usage
        }
        var examination = Examination(
            format: session.output, style: Output.standard.style(noColor: environment.declinesColor))
        await examination.perform(session.options, environment)
        if session.output != .text {
            Output.standard.write(JSONValue.array(examination.findings.map(\.json)).bytes + [0x0A])
        }
        return examination.status
    }
}

/// The checks, in the order in which one stands on the other.
private struct Examination {
    let format: OutputFormat
    let style: Style
    private(set) var findings: [DoctorFinding] = []
    private(set) var status = ExitStatus.fine

    init(format: OutputFormat, style: Style) {
        self.format = format
        self.style = style
    }

    mutating func perform(_ options: SessionOptions, _ environment: ProcessEnvironment) async {
        let files = FileFindings(environment: environment)
        show(DoctorFinding(.fine, "moonspot", "\(MoonspotVersion.current), Lua 5.4"))
        show(files.modules)
        show(files.state)
        show(.terminal(environment))
        let plan: SessionPlan
        let workspace: Workspace
        do throws(ConfigurationError) {
            plan = try SessionPlan(options: options, environment: environment)
            workspace = try Workspace(options: options, environment: environment)
        } catch {
            return show(DoctorFinding(.broken, "configuration", error.message), .usage)
        }
        for finding in files.configuration(profile: plan.configuration.profileName) { show(finding) }
        show(await .keyring(isNeeded: plan.usesKeyring))
        if !plan.description.isSimulator { await examineNetwork(plan) }
        await examinePortal(plan, workspace)
        await workspace.close()
    }

    private mutating func examineNetwork(_ plan: SessionPlan) async {
        let configuration = plan.configuration
        // What it asks for needs no credential, and no quota.
        let session = Session(configuration)
        let network = NetworkFindings(
            session: session, url: configuration.baseURL, network: configuration.network, clock: configuration.clock)
        for var finding in await network.all() {
            // Nothing is asked of HubSpot yet.
            if configuration.credential == nil, finding.state == .broken { finding.state = .note }
            // A wrong clock is no reason why HubSpot cannot be reached.
            show(finding, finding.subject == DoctorFinding.clock ? .failed : .unreachable)
        }
        await session.close()
    }

    private mutating func examinePortal(_ plan: SessionPlan, _ workspace: Workspace) async {
        let description = plan.description
        guard description.isSimulator || description.auth != nil else {
            return show(
                DoctorFinding(
                    .note, "credential", "none",
                    remedy: "set HUBSPOT_ACCESS_TOKEN or run moonspot auth login; --simulator needs none"))
        }
        do throws(HubSpotError) {
            let session = try await workspace.source.session()
            let account = try await session.ownDetails()
            show(
                DoctorFinding(
                    .fine, "portal",
                    "\(account.portalID) answers at \(session.apiURL), with \(workspace.credentialOrigin)"))
            show(.store(plan.configuration.store, works: try await session.limits().store))
        } catch {
            show(
                DoctorFinding(
                    .broken, "portal", "\(description.baseURL ?? "the simulator"): \(error.description)",
                    remedy: remedy(error, workspace)), ExitStatus(kind: error.kind.rawValue))
        }
    }

    private func remedy(_ error: HubSpotError, _ workspace: Workspace) -> String? {
        switch error.kind {
        case .unauthenticated:
            "the credential is \(workspace.credentialOrigin); make a new one at HubSpot and run moonspot auth login"
        case .network, .timeout: "see what is said above of DNS, TCP, TLS and the proxy"
        default: nil
        }
    }

    private mutating func show(_ finding: DoctorFinding, _ broken: ExitStatus = .failed) {
        var finding = finding
        finding.text = MessageRedaction.redacted(finding.text)
        if finding.state == .broken && status == .fine { status = broken }
        findings.append(finding)
        guard format == .text else { return }
        let mark =
            switch finding.state {
            case .fine: style.green("ok")
            case .note: style.yellow("--")
            case .broken: style.red("!!")
            }
        Output.standard.line("\(mark)  \(DisplayWidth.pad(finding.subject, to: 15))\(Escaping.visible(finding.text))")
        if let remedy = finding.remedy {
            Output.standard.line("    \(DisplayWidth.pad("", to: 15))\(Escaping.visible(remedy))")
        }
    }
}

extension DoctorFinding {
    /// Where the quota's state is kept, and whether it is kept there.
    /// - Parameter works: What the session uses: memory, where the store is out of reach.
    fileprivate static func store(_ store: QuotaStore, works kind: LimitsState.StoreKind) -> DoctorFinding {
        let (place, remedy) =
            switch store {
            case .memory: ("this process's memory, shared with no other", "")
            case .file(let folder):
                (
                    "limiter.sqlite in \(folder), shared by this machine's processes",
                    "its file system has to be local and to know locks: set MOONSPOT_STATE to such a folder, or choose --store memory"
                )
            case .redis(let endpoint):
                (
                    "Redis at \(endpoint.host):\(endpoint.port), shared by machines",
                    "check whether it runs, MOONSPOT_REDIS_USER and MOONSPOT_REDIS_PASSWORD; or choose --store file"
                )
            }
        if case .memory = store { return DoctorFinding(.fine, "store", place) }
        guard kind == .memory else { return DoctorFinding(.fine, "store", place) }
        return DoctorFinding(
            .broken, "store", "\(place), is out of reach: each process counts by itself", remedy: remedy)
    }
}
