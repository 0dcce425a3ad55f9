import Bindings
import HubSpot
import LuaRuntime
import Simulator
import Testing

/// What one function does, and how it fails: chunks of Lua on a portal of their own, the same in each version of the
/// API.
struct SurfaceCase: Sendable {
    var function: String
    /// Asserts what the function does.
    var code: String
    /// A call that must fail, and the kind of its error.
    var failing: String
    var kind: String

    init(_ function: String, _ code: String, fails failing: String, _ kind: String) {
        self.function = function
        self.code = code
        self.failing = failing
        self.kind = kind
    }

    /// Cases of one module and those below it share a portal, and the globals that they set.
    var module: String { function.split(separator: ".").prefix(2).joined(separator: ".") }

    static let all =
        properties + pipelines + owners + schemas + lists + associations + account + forms + files
}

@Suite("Each function beside the objects") struct SurfaceTests {
    static let runs: [(APIVersion, String)] = APIVersion.allCases.flatMap { version in
        Set(SurfaceCase.all.map(\.module)).sorted().map { (version, $0) }
    }

    @Test(arguments: Self.runs) func `does what it says in every version of the API`(
        version: APIVersion, module: String
    ) async throws {
        try await Console.running(configure: { $0.apiVersion = version }) { (console: Console) async throws in
            for test in SurfaceCase.all where test.module == module {
                do throws(LuaFailure) {
                    try await console.run(test.code)
                } catch {
                    Issue.record("\(test.function): \(error.message)")
                }
                let failing =
                    "local ok, e = pcall(function() \(test.failing) end) return ok, type(e) == 'table' and e.kind or e"
                let answer = try await console.run(failing)
                #expect(answer == [false, .string(test.kind)], "\(test.function): \(test.failing)")
            }
        }
    }

    @Test func `has a case here`() {
        let elsewhere: Set = ["hubspot", "hubspot.limits", "hubspot.session", "task", "json", "moonspot"]
        let types = Set(ObjectType.standard.flatMap { ["hubspot.\($0.name)", "hubspot.\($0.name).batch"] })
        let known = Set(SurfaceCase.all.map(\.function))
        for module in ReferenceTests.modules where !elsewhere.contains(module.name) && !types.contains(module.name) {
            for function in module.functions {
                let name = "\(module.name).\(function.name)"
                #expect(known.contains(name), "\(name) has no case")
            }
        }
    }
}
