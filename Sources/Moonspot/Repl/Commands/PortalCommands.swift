import Bindings
import HubSpot
import JSON
import LuaRuntime
import Words

extension ConsoleCommand {
    static let ofPortal = [props, options, open, profile]

    private static let props = ConsoleCommand(
        name: "props", usage: "TYPE [WORD]",
        summary: "a type's properties; with a word, those that have it in name or label: :props contacts phone",
        completes: .objectType
    ) { call in
        guard let type = call.arguments.first else { throw CommandProblem(":props needs a type: :props contacts") }
        let words = call.arguments.dropFirst().map { $0.lowercased() }
        let all = try await call.context.definitions(of: type)
        let found = all.filter { $0.matches(words) }
        guard !found.isEmpty else {
            let hint = NearestName.hint(for: words.first ?? "", among: all.map(\.name))
            throw CommandProblem("no property of \(type) has that in its name or label\(hint)")
        }
        let context = call.context
        await context.show(PropertyList.text(found, columns: Output.standard.columns, style: context.style))
        return .done
    }

    private static let options = ConsoleCommand(
        name: "options", usage: "TYPE.PROPERTY",
        summary: "the values that may be chosen: :options contacts.lifecyclestage",
        completes: .property
    ) { call in
        let parts = call.rest.split(whereSeparator: { $0 == "." || $0.isWhitespace }).map(String.init)
        guard parts.count == 2 else {
            throw CommandProblem(":options needs a type and a property: :options contacts.lifecyclestage")
        }
        let context = call.context
        let all = try await context.definitions(of: parts[0])
        guard let property = all.first(where: { $0.name == parts[1] }) else {
            throw CommandProblem(
                "\(parts[0]) have no property '\(parts[1])'\(NearestName.hint(for: parts[1], among: all.map(\.name)))")
        }
        guard !property.options.isEmpty else {
            throw CommandProblem("\(parts[0]).\(parts[1]) is of type \(property.type), and nothing is to be chosen")
        }
        let rows = property.options.map { [Escaping.visible($0.value), Escaping.visible($0.label)] }
        var lines = AlignedColumns([["value", "label"]] + rows).lines(room: Output.standard.columns)
        lines[0] = context.style.bold(lines[0])
        await context.show(lines.joined(separator: "\n") + "\n")
        return .done
    }

    private static let open = ConsoleCommand(
        name: "open", usage: "RECORD", summary: "a record's page in HubSpot: :open _, :open contacts 501",
        details: "Where there is a desktop, the browser opens it; elsewhere the address is printed alone.",
        completes: .code
    ) { call in
        guard !call.rest.isEmpty else { throw CommandProblem(":open needs a record: :open contacts 501") }
        let address = try await call.context.address(of: call.rest)
        call.context.tell(Escaping.visible(address))
        await Browser.open(address, call.context.console.workspace.environment.variables)
        return .done
    }

    private static let profile = ConsoleCommand(
        name: "profile", usage: "[NAME]",
        summary: "the profiles, and going on with another: hubspot is then its portal",
        details: ":profile - is the session that the console began with. What holds the old hubspot goes on with that.",
        completes: .profile
    ) { call in
        let context = call.context
        let workspace = context.console.workspace
        guard let name = call.arguments.first else {
            let names = (try? ConfigurationFile.load(workspace.environment.configurationPath).names.sorted()) ?? []
            let current = context.source.description.profile
            let lines = names.map { ($0 == current ? "* " : "  ") + Escaping.visible($0) }
            context.tell(lines.isEmpty ? "no profiles; moonspot auth login makes one" : lines.joined(separator: "\n"))
            return .done
        }
        let source = name == "-" ? workspace.source : try workspace.connect(name)
        let code = name == "-" ? "hubspot = require('hubspot')" : "hubspot = require('hubspot').connect(...)"
        let status = await context.console.run(
            LuaChunk(code, name: "=:profile", kind: .expression), arguments: [.string(name)], renderer: nil,
            scope: .current, drains: false)
        if status == .fine { context.go(to: source) }
        return .ended(status)
    }
}

/// A property's definition, as far as the console needs it.
struct PropertySummary: Sendable, Equatable {
    struct Option: Sendable, Equatable {
        var value: String
        var label: String
    }

    var name: String
    var label: String
    var type: String
    var options: [Option]

    init(name: String, label: String, type: String, options: [Option] = []) {
        (self.name, self.label, self.type, self.options) = (name, label, type, options)
    }

    init?(_ definition: JSONSlice) {
        guard let name = definition.field("name")?.string else { return nil }
        self.name = name
        label = definition.field("label")?.string ?? ""
        type = definition.field("type")?.string ?? ""
        options = (definition.field("options")?.elements() ?? []).compactMap { option in
            option.field("value")?.string.map { Option(value: $0, label: option.field("label")?.string ?? "") }
        }
    }

    func matches(_ words: [String]) -> Bool {
        let text = "\(name) \(label)".lowercased()
        return words.allSatisfy { text.contains($0) }
    }
}

enum PropertyList {
    static func text(_ properties: [PropertySummary], columns: Int?, style: Style) -> String {
        let rows = properties.sorted { $0.name < $1.name }.map { property in
            [
                Escaping.visible(property.name), Escaping.visible(property.type),
                property.options.isEmpty ? "" : Counts.counted(property.options.count, "option"),
                Escaping.visible(property.label),
            ]
        }
        var lines = AlignedColumns([["name", "type", "", "label"]] + rows).lines(room: columns)
        lines[0] = style.bold(lines[0])
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ReplContext {
    /// The definitions of a type's properties, out of the session's cache where they are there.
    fileprivate func definitions(of type: String) async throws -> [PropertySummary] {
        let type = ObjectType(type)
        let answer = try await cancellable { try await PropertyDefinitions(type, session: $0).list() }
        return (answer.field("results")?.elements() ?? []).compactMap { PropertySummary($0) }
    }

    /// Where people see a record: of `contacts 501`, or of what a piece of Lua gives.
    fileprivate func address(of text: String) async throws -> String {
        let words = text.split(whereSeparator: { $0.isWhitespace || $0 == "/" }).map(String.init)
        if words.count == 2, words[1].allSatisfy(\.isNumber) {
            let known = ObjectType.standard.first { $0.name == ObjectType(words[0]).name }?.id
            // `0-1`, `2-1234`: a type by its id.
            guard let type = known ?? (words[0].wholeMatch(of: /\d+-\d+/) == nil ? nil : words[0]) else {
                let names = ObjectType.standard.map(\.name)
                throw CommandProblem(
                    "there is no type '\(words[0])'\(NearestName.hint(for: words[0], among: names)); a custom one is named by "
                        + "its id, as 2-1234567")
            }
            let details = try await cancellable { try await $0.accountDetails() }
            let host = details.uiDomain ?? "app.hubspot.com"
            return "https://\(host)/contacts/\(details.portalID)/record/\(type)/\(words[1])"
        }
        let chunk = LuaChunk(Repl.source(text), name: "=stdin", kind: .typed)
        let values: [LuaValue]
        do throws(LuaFailure) { values = try await console.runtime.run(chunk) } catch {
            throw CommandProblem(ErrorText.message(error))
        }
        guard case .table(let record)? = values.first, let url = record["url"].asString else {
            throw CommandProblem("that is no record that tells its address; name it by type and id: :open contacts 501")
        }
        return url
    }
}
