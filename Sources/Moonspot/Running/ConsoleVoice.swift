import Bindings
import LuaRuntime
import Synchronization
import Words

/// What Lua's `show` and `help` print, and what a person at the prompt is told about a property that was not fetched.
final class ConsoleVoice: Sendable {
    private struct Place { weak var console: Console? }
    private let place = Mutex(Place())
    /// Names of properties that were told.
    private let told = Mutex<Set<String>>([])
    private let reader = Mutex(Renderer.Reader.expression)

    /// The console exists by now; its Lua state was made with ``functions(mayPrompt:)``.
    func serve(_ console: Console) { place.withLock { $0.console = console } }

    /// From now on a person reads.
    func beginPrompt() { reader.withLock { $0 = .person } }

    private var console: Console? { place.withLock { $0.console } }
    private var renderer: Renderer? { console?.renderer(reader.withLock { $0 }) }

    /// - Parameter mayPrompt: Whether a prompt comes, now or after a script.
    func functions(mayPrompt: Bool) -> ConsoleFunctions {
        var functions = ConsoleFunctions(
            limit: { [weak self] in self?.renderer?.snapshot ?? LuaRuntime.SnapshotLimit() },
            show: { [weak self] values in try await self?.show(values) },
            help: { [weak self] topic, showsSource in self?.help(topic, showsSource: showsSource) })
        if mayPrompt {
            functions.unfetched = { [weak self] name, fetched in self?.tell(name, fetched: fetched) }
        }
        return functions
    }

    private func show(_ values: [LuaValue]) async throws {
        guard let renderer else { return }
        let output = try await renderer.render(values)
        guard output.isEmpty || Output.standard.write(output) else {
            throw LuaError("bad_response", "what was shown could not be written to standard output")
        }
        if let styles = console?.styles { Output.error.write(renderer.remarks(values, styles.of(.error))) }
    }

    private func help(_ topic: ConsoleFunctions.Topic, showsSource: Bool) {
        guard let console else { return }
        let workspace = console.workspace
        let library = workspace.environment.library
        let sources = SourceText(library: library, readsFiles: !workspace.options.untrusted)
        let help = HelpText(
            library: library, columns: Output.standard.columns ?? 80,
            style: console.styles.of(.standard))
        switch topic {
        case .overview: Output.standard.write(help.text(nil))
        case .words(let words) where showsSource:
            Output.standard.line(sources.text(named: words) ?? "no source of \(Escaping.visible(words))")
        case .words(let words): Output.standard.write(help.text(words))
        case .lua(let chunk, let lines) where showsSource:
            Output.standard.line(sources.text(chunk: chunk, lines: lines))
        case .lua(let chunk, let lines):
            Output.standard.line(
                lines.flatMap { help.page(chunk: chunk, line: $0.lowerBound, sources) }
                    ?? sources.text(chunk: chunk, lines: lines))
        }
    }

    /// Once for each name: nil may mean that the property is empty, and here it does not.
    private func tell(_ name: String, fetched: [String]) {
        guard case .person = reader.withLock({ $0 }), told.withLock({ $0.insert(name).inserted }),
            let console
        else { return }
        let shown = Escaping.visible(name)
        let text =
            NearestName.nearest(to: name, among: fetched).map {
                "'\(shown)' was not fetched with this record; did you mean '\(Escaping.visible($0))'?"
            }
            ?? "'\(shown)' was not fetched with this record, so nil does not say that it is empty; "
            + "{ properties = { \"\(shown)\" } } fetches it"
        Output.error.line(console.styles.of(.error).dim(text))
    }
}
