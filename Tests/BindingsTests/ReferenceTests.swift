import Foundation
import LuaRuntime
import Testing

@testable import Bindings

@Suite("The reference") struct ReferenceTests {
    private let reference = MoonspotModules.reference

    private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What is made from the declarations: annotations for editors, and a page for people.
    private static let generated: [(path: String, text: String)] =
        MoonspotModules.reference.annotationFiles.map { ("stdlib/meta/\($0.name)", $0.text) }
        + [("docs/lua-reference.md", MoonspotModules.reference.page)]

    @Test(arguments: Self.generated.map(\.path)) func `is what the generated file holds`(path: String) throws {
        let text = try #require(Self.generated.first { $0.path == path }).text
        let url = Self.project.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["MOONSPOT_WRITE_GENERATED"] == "1" {
            try Data(text.utf8).write(to: url)
        }
        let committed = try String(contentsOf: url, encoding: .utf8)
        let difference = zip(
            committed.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false)
        ).first { $0 != $1 }
        #expect(difference == nil, "scripts/format --generated makes \(path) again")
        #expect(committed.utf8.count == text.utf8.count, "scripts/format --generated makes \(path) again")
    }

    /// Every module, those that are like a shared one included.
    static let modules: [LuaModule] = {
        func below(_ module: LuaModule) -> [LuaModule] {
            [module] + module.submodules.compactMap { module.submodule?($0) }.flatMap(below)
        }
        return MoonspotModules.reference.roots.flatMap(below)
    }()

    @Test(arguments: Self.modules.map(\.name)) func `has words for everything in a module`(name: String) throws {
        let module = try #require(Self.modules.first { $0.name == name })
        #expect(module.summary.hasSuffix("."))
        for function in module.functions {
            let name = "\(name).\(function.name)"
            #expect(function.summary.hasSuffix("."), "\(name)")
            #expect(function.example != nil, "\(name) has no example")
            for parameter in function.parameters { #expect(!parameter.summary.isEmpty, "\(name): \(parameter.name)") }
            let isReading = module.name.hasPrefix("hubspot.") && module.name != "hubspot.limits"
            #expect(!isReading || function.source != nil, "\(name) does not say which endpoint it calls")
        }
    }

    @Test(arguments: Self.modules.map(\.name)) func `answers help for each name`(name: String) throws {
        let module = try #require(Self.modules.first { $0.name == name })
        #expect(reference.help(for: module.name)?.contains(module.summary.prefix(20)) == true)
        for function in module.functions {
            let help = reference.help(for: "\(module.name).\(function.name)")
            #expect(help?.hasPrefix("\(module.name).\(function.signature)") == true)
            let lines = help?.split(separator: "\n").dropLast() ?? []  // the last is the example, which is not broken
            #expect(lines.allSatisfy { $0.count <= 100 }, "\(function.name)")
        }
    }

    @Test(arguments: ["hubspot.contact", "contacts", "hubspot.contacts.get.x", "hubspot.", "."])
    func `has no help for what does not exist`(name: String) {
        #expect(reference.help(for: name) == nil)
    }

    @Test func `has a section on its page for every module, function and table, and links that lead to one`() {
        let page = reference.page
        let headings = page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { $0.drop { "# ".contains($0) } }
        #expect(Set(headings).count == headings.count)
        for name in ["hubspot.contacts", "hubspot.contacts.get", "task.spawn", "json.encode", "hubspot.GetOpts"] {
            #expect(headings.contains(name[...]), "\(name)")
        }
        for signature in [
            "hubspot.contacts.get(id_or_email [, opts])", "task.spawn(f [, ...])", "json.encode([value [, opts]])",
        ] {
            #expect(page.contains("```lua\n\(signature)\n```"))
        }
        #expect(page.contains("`companies`"))
        let anchors = Set(headings.map { $0.lowercased().filter { $0.isLetter || $0.isNumber || "-_".contains($0) } })
        for link in page.matches(of: /\]\(#([^)]*)\)/) { #expect(anchors.contains(String(link.1)), "\(link.1)") }
    }
}
