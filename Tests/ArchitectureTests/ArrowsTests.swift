import Foundation
import Testing

/// What each target may stand on. The arrows point one way; docs/ARCHITECTURE.md says why.
private let allowed: [String: Set<String>] = [
    // The system's libraries and C of ours.
    "CLua": [], "CLibEdit": [], "CSimdjson": [], "CHiredis": [], "CDigest": [], "CWords": [],
    "CEdit": ["CLibEdit", "CWords"],
    "CJSON": ["CSimdjson"],
    "CLuaBridge": ["CLua", "CJSON"],
    // Leaves.
    "Digests": ["CDigest"], "JSON": ["CJSON"], "VirtualTime": ["Waiting"], "Waiting": [], "Wire": [],
    "Words": ["CWords"],
    // A form as a web site's visitor meets it.
    "WebForms": ["JSON", "Wire", "Words"],
    // The limiter: knows no HubSpot.
    "Quota": ["CHiredis", "Digests", "Waiting", "Words"],
    // Runs and their writes on disk: knows no HubSpot.
    "Journal": ["JSON", "Waiting", "Wire"],
    // What knows Lua, what knows HubSpot, and what imitates it: none of them knows another.
    "LuaRuntime": ["CLuaBridge", "Waiting", "Words"],
    "HubSpot": ["Digests", "JSON", "Quota", "Waiting", "WebForms", "Wire", "Words"],
    "Simulator": ["Digests", "JSON", "Waiting", "WebForms", "Wire", "Workbench"],
    // What shows forms in a browser: knows neither the client nor the simulator.
    "Workbench": ["JSON", "WebForms", "Wire"],
    // What joins them.
    "Bindings": ["LuaRuntime", "HubSpot", "JSON", "Quota", "Waiting", "WebForms", "Wire", "Words"],
    "Moonspot": [
        "Bindings", "Digests", "LuaRuntime", "HubSpot", "Journal", "Quota", "Simulator", "VirtualTime", "CEdit", "JSON",
        "Waiting",
        "WebForms", "Wire", "Words", "Workbench",
    ],
]

/// The package as its manifest and its sources say it is.
private struct Package {
    let root: URL
    /// The targets of `Sources/`, and which of each other they name in the manifest.
    let dependencies: [String: Set<String>]

    init() throws {
        root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let manifest = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        var dependencies: [String: Set<String>] = [:]
        // Those of `Sources/`: a target elsewhere names its path.
        let declaration =
            /\.(?:target|executableTarget|systemLibrary)\(\s*name: "(\w+)"(?!,\s*dependencies: \[[^\]]*\],\s*path:)(?:,\s*dependencies: \[([^\]]*)\])?/
        for match in manifest.matches(of: declaration) {
            let named = match.output.2.map { $0.matches(of: /"(\w+)"/).map { String($0.output.1) } } ?? []
            dependencies[String(match.output.1)] = Set(named)
        }
        self.dependencies = dependencies
    }

    /// The modules that a target's Swift files import.
    func imports(of target: String) throws -> Set<String> {
        let folder = root.appendingPathComponent("Sources/\(target)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var imports: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /(?m)^(?:@\w+ |public |package |internal )*import (\w+)/) {
                imports.insert(String(match.output.1))
            }
        }
        return imports
    }
}

@Suite("The arrows between targets") struct ArrowsTests {
    private let package: Package

    init() throws { package = try Package() }

    @Test func `are known for each target`() throws {
        #expect(Set(package.dependencies.keys) == Set(allowed.keys))
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: package.root.appendingPathComponent("Sources").path)
        #expect(Set(folders) == Set(allowed.keys))
    }

    @Test(arguments: allowed.keys.sorted()) func `in the manifest are those that are allowed`(target: String) throws {
        let named = try #require(package.dependencies[target])
        #expect(named.subtracting(allowed[target, default: []]).isEmpty)
    }

    @Test(arguments: allowed.keys.sorted()) func `in the sources are those of the manifest`(target: String) throws {
        let named = try #require(package.dependencies[target])
        let imported = try package.imports(of: target).intersection(allowed.keys)
        #expect(imported.subtracting(named).isEmpty)
    }

    @Test(arguments: allowed.keys.sorted()) func `lead to no target twice on a way back`(target: String) {
        var reached: Set<String> = []
        var next = allowed[target, default: []]
        while let name = next.popFirst() {
            guard reached.insert(name).inserted else { continue }
            next.formUnion(allowed[name, default: []])
        }
        #expect(!reached.contains(target))
    }
}
