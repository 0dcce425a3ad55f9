import Foundation

/// The man page, made from what the parser tells of the commands (`--experimental-dump-help`).
struct ManualPage {
    /// The parser's own shapes, as far as they matter here.
    private struct Dump: Decodable { var command: Command }

    fileprivate struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    fileprivate struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }
        var kind: String
        var shouldDisplay: Bool
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var discussion: String?
        var sectionTitle: String?

        /// `--profile <name>`; for a word without a name `<files>`.
        var term: String {
            let value = kind == "flag" ? nil : valueName
            let names = (names ?? []).map { name in
                switch name.kind {
                case "short": "-\(name.name)"
                case "longWithSingleDash": "-\(name.name)"
                default: "--\(name.name)"
                }
            }
            let head = names.map { "\\fB\(ManualPage.escaped($0))\\fR" }.joined(separator: ", ")
            let tail = value.map { "\\fI\(ManualPage.escaped($0))\\fR" } ?? ""
            return [head, tail].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    private let root: Command
    /// Named once, and not again below each command that opens a session.
    private let shared: Set<String>

    init(dump: String) throws {
        root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        shared = Set((root.arguments ?? []).map(\.term))
    }

    func text(usage: String, version: String) -> String {
        var lines = [
            ".\\\" Made from the declarations in Sources/Moonspot/Arguments by `scripts/format --generated`.",
            ".TH MOONSPOT 1 \"\" \"moonspot \(version)\" \"User Commands\"", ".SH NAME",
            "moonspot \\- \(Self.escaped(Self.phrase(root.abstract)))", ".SH SYNOPSIS", ".nf",
        ]
        lines += usage.split(separator: "\n").map { Self.escaped(String($0)) }
        lines += [".fi", ".SH DESCRIPTION"] + Self.paragraphs(root.discussion)
        lines += [".SH OPTIONS", "They hold for every command that opens a session."]
        lines += (root.arguments ?? []).flatMap(entry)
        lines.append(".SH COMMANDS")
        for command in root.subcommands ?? [] where command.commandName != "help" { lines += section(command, []) }
        lines += [
            ".SH FILES", ".TP", "\\fI~/.config/moonspot/config.toml\\fR", "Profiles.", ".TP",
            "\\fI~/.local/state/moonspot\\fR", "The console's history, and the state of the quota.",
            ".SH SEE ALSO", "\\fBlua5.4\\fR(1)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: Command, _ parents: [String]) -> [String] {
        let names = parents + [command.commandName]
        var lines = [".SS moonspot \(names.joined(separator: " "))"]
        lines.append(Self.escaped(command.abstract ?? ""))
        lines += Self.paragraphs(command.discussion)
        lines += (command.arguments ?? []).filter { !shared.contains($0.term) }.flatMap(entry)
        for inner in command.subcommands ?? [] where inner.commandName != "help" { lines += section(inner, names) }
        return lines
    }

    private func entry(_ argument: Argument) -> [String] {
        guard argument.shouldDisplay, argument.abstract != nil else { return [] }
        return [".TP", argument.term, Self.escaped(argument.abstract ?? "")] + Self.paragraphs(argument.discussion)
    }

    private static func paragraphs(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: true).flatMap { [".PP", escaped(String($0))] }
    }

    /// Without its full stop.
    private static func phrase(_ text: String?) -> String {
        let text = text ?? ""
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Hyphens stay hyphens that can be copied, and no line begins a request of its own.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
