import Bindings
import Glibc
import HubSpot
import LuaRuntime
import Quota
import Synchronization
import Words

/// What the console's loop and its commands work with: the Lua state and its session, the settings, what was typed.
final class ReplContext: Sendable {
    let console: Console
    let lines: LineSource
    let history: History
    /// What the lines have written.
    let undo: ConsoleUndo
    /// The portal's names, for Tab.
    let portal: PortalNames
    private let recording = Mutex<Transcript?>(nil)
    /// Whether a session's server is moonspot's own simulator, as it is asked once.
    let identities = Mutex<[ObjectIdentifier: Task<Bool, Never>]>([:])
    /// The lines of a statement that is not whole yet.
    private let begun = Mutex("")
    private let chosen = Mutex<SessionSource?>(nil)
    /// Properties that were told of, as `contacts.emial`.
    private let told = Mutex<Set<String>>([])
    private let learning = Mutex<Task<Void, Never>?>(nil)

    init(console: Console, lines: LineSource, history: History) {
        self.console = console
        self.lines = lines
        self.history = history
        undo = ConsoleUndo(console.workspace)
        portal = PortalNames(executor: console.workspace.fastClock?.time)
        console.voice.beginPrompt()
    }

    /// The session that `hubspot` is of: the one that the console began with, or that of `:profile`.
    var source: SessionSource { chosen.withLock { $0 } ?? console.workspace.source }

    func go(to source: SessionSource) {
        chosen.withLock { $0 = source }
        portal.forget()
        console.workspace.questions.forgetChosen()
        let level = console.workspace.questionLevel(of: source)
        console.settings.change { $0.confirm = level }
        if source.description.portalID == nil { learnPortal() }
    }

    /// Asks for the portal's id behind the prompt, which shows it once it is there.
    private func learnPortal() {
        let task = Task(executorPreference: console.workspace.fastClock?.time) { [self] in
            guard let session = await sessionUnasked() else { return }
            _ = try? await Session.inBackground { try await session.accountDetails() }
        }
        learning.withLock { learning in
            learning?.cancel()
            learning = task
        }
    }

    /// The console ends.
    func stop() { learning.withLock { $0?.cancel() } }

    var settings: ConsoleSettings { console.settings.current }
    var style: Style { console.styles.of(.standard) }
    var columns: Int { Output.standard.columns ?? 80 }

    /// Nil where nothing is recorded.
    var transcript: Transcript? { recording.withLock { $0 } }

    func record(_ transcript: Transcript?, by editor: LineEditor) {
        // The one before is held until the editor has let go of it.
        let before = self.transcript
        editor.record(transcript)
        recording.withLock { $0 = transcript }
        withExtendedLifetime(before) {}
    }

    /// Notes the lines of the statement that is typed.
    func begin(_ typed: String) { begun.withLock { $0 = typed } }

    /// The answer to Tab.
    func complete(_ text: String) async -> LineEditor.Completion {
        let runtime = console.runtime
        let environment = console.workspace.environment
        let library = environment.library
        let surroundings = CommandSurroundings(
            home: environment.home, modules: library.modules,
            profiles: { (try? ConfigurationFile.load(environment.configurationPath).names.sorted()) ?? [] },
            topics: { LuaDocumentation.topics(of: library) })
        let knowledge = PortalKnowledge(
            answer: { [self] subject in
                let writes = source.openSession?.writes(in: subject.area) ?? 0
                return await portal.answer(subject, writes: writes) { await self.sessionUnasked() }
            },
            known: { [self] in portal.knownProperties })
        return await Completions.complete(
            text, begun: begun.withLock { $0 }, names: { await runtime.names(in: $0) }, portal: knowledge,
            surroundings: surroundings)
    }

    /// The session for what no person has asked for; nil where there is no credential, or where to get at it would run a
    /// program.
    func sessionUnasked() async -> Session? {
        if let session = source.openSession { return session }
        let description = source.description
        guard description.isSimulator || description.auth != nil && console.workspace.opensByItself else { return nil }
        return try? await source.session()
    }

    // MARK: Telling

    /// Shows a text of any length: what does not fit on the screen, in the pager.
    func show(_ text: String) async {
        await Pager(settings.pager, console: console).show(text, isInteractive: lines.isInteractive)
    }

    /// What a value that is longer than the screen is read through: the pager that the person has chosen, by `$PAGER` or by
    /// `:set pager`. Nil to print it.
    var chosenPager: Pager? {
        let isChosen = settings.pager != .auto || console.workspace.environment["PAGER"] != nil
        return lines.isInteractive && isChosen ? Pager(settings.pager, console: console) : nil
    }

    func tell(_ text: String) { Output.standard.line(text) }

    func note(_ text: String) { Output.error.line(console.styles.of(.error).dim(text)) }

    func complain(_ text: String) { Output.error.line(console.styles.of(.error).red(Escaping.visible(text))) }

    // MARK: Running

    /// Runs a typed piece of Lua, keeps it in the history, and tells its time where that is wanted.
    @discardableResult
    func evaluate(_ typed: String, remembering: Bool = true, isTimed: Bool = false) async -> ExitStatus {
        await measured(remembering ? typed : nil, isTimed: isTimed || settings.timing) {
            let chunk = LuaChunk(Repl.source(typed), name: "=stdin", kind: .typed)
            var renderer = console.renderer(.person)
            renderer.typed = typed
            let before = answeredRequests
            let status = await console.run(chunk, renderer: renderer, scope: .current, drains: false)
            if answeredRequests > before { tellUnknownProperties() }
            let ending = chunk.endingLocals
            if status == .fine, !ending.isEmpty {
                let names = ending.map { Escaping.visible($0) }.joined(separator: ", ")
                note("\(names): ended with the line, and not kept for the next (<close>, or _ENV)")
            }
            return status
        }
    }

    /// Tells of properties that the last request asked for and the portal does not have, each once, as far as its definitions
    /// are known.
    private func tellUnknownProperties() {
        guard let request = source.openSession?.lastExchange?.request, let asked = AskedProperties(request),
            let definitions = portal.known(.properties(asked.type))?.properties, !definitions.isEmpty
        else { return }
        for (name, text) in asked.remarks(definitions)
        where told.withLock({ $0.insert("\(asked.type).\(name)").inserted }) {
            note(text)
        }
    }

    /// Keeps a line in the history with how it went.
    @discardableResult
    func measured(_ typed: String?, isTimed: Bool = false, _ body: () async -> ExitStatus) async -> ExitStatus {
        let number = typed.flatMap { history.begin(console.workspace.masked($0), profile: profile) }
        let clock = ContinuousClock()
        let (begun, before, readBefore) = (clock.now, answeredRequests, console.readingTime.soFar)
        undo.begin()
        let status = await body()
        undo.end()
        let ending = HistoryEntry.Ending(
            duration: clock.now - begun - (console.readingTime.soFar - readBefore), requests: answeredRequests - before,
            failed: status != .fine)
        history.end(number, ending)
        if isTimed { note(Self.timing(ending)) }
        return status
    }

    /// `0.213 s · 2 requests`
    static func timing(_ ending: HistoryEntry.Ending) -> String {
        let time = String.fixed(ending.duration.inSeconds, digits: 3) + " s"
        return ending.requests == 0 ? time : "\(time) · \(Counts.counted(ending.requests, "request"))"
    }

    private var answeredRequests: Int { source.openSession?.answeredRequests ?? 0 }

    /// As prompt and history name it: a profile that was chosen at the prompt by its name, in a simulator too.
    var profile: String {
        let description = source.description
        return source.connection ?? (description.isSimulator ? "simulator" : description.profile ?? "hubspot")
    }

    /// Runs work of a command's own; Ctrl-C cancels it.
    func cancellable<Value: Sendable>(
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let source = source
        let work = Task(executorPreference: console.workspace.fastClock?.time) {
            try await CallPriority.$current.withValue(.typed) { try await body(try await source.session()) }
        }
        let before = console.interrupts.onInterrupt { work.cancel() }
        defer { console.interrupts.onSignal(before) }
        return try await work.value
    }

    /// Opens the session for a person, where that needs no answer from a person or a program, and learns the portal's id
    /// in the background: the prompt shows it once it is there.
    func open() async {
        await console.workspace.openConsole()
        guard let session = source.openSession else { return }
        if console.workspace.opensByItself { await session.learnCredential() }
        if source.description.portalID == nil {
            _ = try? await Session.inBackground { try await session.accountDetails() }
        }
        // For Tab, which no pipe presses.
        if lines.isInteractive { await portal.prefetch { session } }
    }
}

extension String {
    /// A number with so many digits behind the point.
    static func fixed(_ number: Double, digits: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = withVaList([Int32(digits), number]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
