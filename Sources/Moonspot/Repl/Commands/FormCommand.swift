import HubSpot
import WebForms

extension ConsoleCommand {
    static let form = ConsoleCommand(
        name: "form", usage: "NAME", summary: "a form drawn as text: :form Contact us",
        details: "By its name or id. Beside each field stand its name and what HubSpot asks of it.", completes: .form
    ) { call in
        guard !call.rest.isEmpty else { throw CommandProblem(":form needs a form: :form Contact us") }
        let context = call.context
        // In quotes as well, as code and a shell have it.
        let quoted = call.rest.wholeMatch(of: /"(.*)"|'(.*)'/)
        let name = quoted.map { String($0.1 ?? $0.2 ?? "") } ?? call.rest
        let form = try await context.cancellable { try await Forms(session: $0).open(name).form }
        await context.show(form.drawing + "\n")
        return .done
    }
}
