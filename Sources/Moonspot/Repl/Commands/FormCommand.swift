import HubSpot
import WebForms

extension ConsoleCommand {
    static let form = ConsoleCommand(
        name: "form", usage: "NAME", summary: "a form drawn as text: :form Contact us",
        details: "By its name or id. Beside each field stand its name and what HubSpot asks of it.", completes: .form
    ) { call in
        guard !call.rest.isEmpty else { throw CommandProblem(":form needs a form: :form Contact us") }
        let context = call.context
        let name = call.rest
        let form = try await context.cancellable { try await Forms(session: $0).open(name).form }
        await context.show(form.drawing + "\n")
        return .done
    }
}
