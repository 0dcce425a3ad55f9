import Foundation
import LuaRuntime
import Testing

@testable import Bindings

@Suite("The reference") struct ReferenceTests {
    private let reference = MoonspotModules.reference

    private var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("stdlib/meta")
    }

    @Test func `is what stdlib/meta holds`() throws {
        for file in reference.annotationFiles {
            let url = folder.appendingPathComponent(file.name)
            if ProcessInfo.processInfo.environment["MOONSPOT_WRITE_META"] == "1" {
                try Data(file.text.utf8).write(to: url)
            }
            let committed = try String(contentsOf: url, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            let made = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(committed.count == made.count, "run MOONSPOT_WRITE_META=1 scripts/test to make \(file.name) again")
            let difference = zip(committed, made).first { $0 != $1 }
            #expect(difference == nil, "run MOONSPOT_WRITE_META=1 scripts/test to make \(file.name) again")
        }
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

    @Test func `lists every module and function on its page`() {
        let page = reference.markdown
        for name in [
            "hubspot.contacts.get(id_or_email [, opts])", "task.spawn(f [, ...])", "json.encode([value [, opts]])",
        ] {
            #expect(page.contains("### \(name)"))
        }
        #expect(page.contains("`companies`"))
    }
}
