import Bindings
import HubSpot

extension ConsoleCommand {
    static let record = ConsoleCommand(
        name: "record", usage: "FILE|off", summary: "writes what is typed and shown to a file, until :record off",
        details: "Secrets are masked and colours left out. A file that is there is not written to.", completes: .file
    ) { call in
        let context = call.context
        guard case .editor(let editor) = context.lines else { throw CommandProblem(":record needs a terminal") }
        guard let word = call.arguments.first else {
            context.tell(
                context.transcript.map { "recording to \(Escaping.visible($0.path))" } ?? "nothing is recorded")
            return .done
        }
        let before = context.transcript
        if word == "off" {
            guard let before else { throw CommandProblem("nothing is recorded; :record FILE begins") }
            context.record(nil, by: editor)
            guard before.end() else { throw CommandProblem("\(before.path) lacks what could not be written") }
            context.tell("recorded in \(Escaping.visible(before.path))")
            return .done
        }
        guard before == nil else { throw CommandProblem("\(before?.path ?? "") is recorded to; :record off ends that") }
        let path = HomePath.expanded(word, home: context.console.workspace.environment.home)
        do throws(FileProblem) {
            let transcript = try Transcript(path: path, masked: context.console.workspace.masked)
            context.record(transcript, by: editor)
        } catch {
            throw CommandProblem("cannot write \(path): \(error.description)")
        }
        context.tell("recording to \(Escaping.visible(path)); :record off ends it")
        return .done
    }
}
