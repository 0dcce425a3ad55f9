import Bindings
import HubSpot
import LuaRuntime
import Simulator
import Testing

/// A Lua state with the modules, in a session with an in-process simulator.
struct Console: Sendable {
    let runtime: LuaRuntime
    let simulator: Simulator
    let source: SessionSource

    /// Runs `body` with a console on a simulator of its own; both are closed afterwards.
    static func running(
        _ options: SimulatorOptions = SimulatorOptions(), configure: (inout SessionConfiguration) -> Void = { _ in },
        describe: (inout SessionDescription) -> Void = { _ in }, _ body: (Console) async throws -> Void
    ) async throws {
        var options = options
        if options.contacts == nil { options.contacts = 0 }
        let simulator = try await Simulator.start(options)
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken(simulator.token)), baseURL: try BaseURL(simulator.baseURL))
        configuration.isSimulator = true
        let idle = IdleSignal()
        configuration.waitUntilCallersIdle = { await idle.wait(atMost: .milliseconds(5)) }
        configure(&configuration)
        var description = SessionDescription(
            portalID: 20_000_001, auth: "token", baseURL: simulator.baseURL, isSimulator: true,
            isReadOnly: configuration.isReadOnly)
        describe(&description)
        let source = SessionSource(description: description) { [configuration] () throws(HubSpotError) in
            Session(configuration)
        }
        var luaOptions = LuaRuntime.Options()
        luaOptions.idle = idle
        luaOptions.modules = MoonspotModules.all(session: source)
        let runtime = try LuaRuntime(luaOptions)
        var failure: (any Error)?
        do {
            try await body(Console(runtime: runtime, simulator: simulator, source: source))
        } catch {
            failure = error
        }
        await runtime.close()
        await source.close()
        await simulator.stop()
        if let failure { throw failure }
    }

    /// What the chunk returns.
    @discardableResult
    func run(_ code: String) async throws(LuaFailure) -> [LuaValue] {
        try await runtime.run(LuaChunk(code, name: "=test"))
    }

    /// The one value that the chunk returns.
    func value(_ code: String) async throws -> LuaValue { try await run(code).first ?? .none }

    /// The error that the chunk raises, as a table.
    func failure(_ code: String) async throws -> LuaTable {
        do {
            let values = try await run(code)
            Issue.record("no error was raised by: \(code); it returned \(values)")
            return LuaTable()
        } catch {
            guard case .table(let table) = error.value else {
                Issue.record("no error table was raised by: \(code), but: \(error.message)")
                return LuaTable()
            }
            return table
        }
    }
}

/// A Lua state with the modules and no server: the session's opening fails.
func withoutSession(_ body: (LuaRuntime) async throws -> Void) async throws {
    let source = SessionSource(description: SessionDescription()) { () throws(HubSpotError) in
        throw HubSpotError(.unauthenticated, "no credential")
    }
    var options = LuaRuntime.Options()
    options.modules = MoonspotModules.all(session: source)
    let runtime = try LuaRuntime(options)
    var failure: (any Error)?
    do { try await body(runtime) } catch { failure = error }
    await runtime.close()
    if let failure { throw failure }
}
