import ArgumentParser
import Foundation
import HubSpot
import Testing

@testable import Moonspot

/// What is made from the declarations of the commands: completions for shells, and the man page.
@Suite("The files made from the commands") struct CommandReferenceTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func generated(_ path: String) throws -> String {
        switch path {
        case "scripts/completions/moonspot.bash":
            // A script's name is no word of ours: files are offered where there is nothing else.
            RootCommand.completionScript(for: .bash).replacing("#!/bin/bash\n", with: "", maxReplacements: 1)
                .replacing("complete -o filenames -F", with: "complete -o filenames -o bashdefault -o default -F")
        case "scripts/completions/_moonspot": RootCommand.completionScript(for: .zsh)
        case "scripts/completions/moonspot.fish": RootCommand.completionScript(for: .fish)
        default:
            try ManualPage(dump: RootCommand._dumpHelp()).text(
                usage: RootCommand.configuration.usage ?? "", version: MoonspotVersion.current)
        }
    }

    @Test(arguments: [
        "scripts/completions/moonspot.bash", "scripts/completions/_moonspot", "scripts/completions/moonspot.fish",
        "docs/moonspot.1",
    ]) func `are what the files hold`(path: String) throws {
        var text = try Self.generated(path)
        if !text.hasSuffix("\n") { text += "\n" }
        let url = Self.project.appending(path: path)
        if ProcessInfo.processInfo.environment["MOONSPOT_WRITE_GENERATED"] == "1" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let committed = try String(contentsOf: url, encoding: .utf8)
        #expect(committed == text, "scripts/format --generated makes \(path) again")
    }

    @Test(arguments: [
        ("bash", "scripts/completions/moonspot.bash"), ("zsh", "scripts/completions/_moonspot"),
        ("fish", "scripts/completions/moonspot.fish"),
    ])
    func `are read by their shells`(shell: String, path: String) throws {
        guard let program = ["/usr/bin/\(shell)", "/bin/\(shell)"].first(where: FileManager.default.isExecutableFile)
        else { return }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-n", Self.project.appending(path: path).path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func `name every command and option`() throws {
        let page = try Self.generated("docs/moonspot.1")
        for command in CommandLineSplit.commands where command != "help" {
            #expect(page.contains(".SS moonspot \(command)\n"))
        }
        for option in CommandLineSplit.optionsWithValue.union(["--yes", "--tap", "--junit"]) {
            let plain = option.replacing("-", with: "\\-")
            #expect(page.contains("\\fB\(plain)\\fR"), "\(option)")
        }
    }
}
