import Bindings
import HubSpot
import LuaRuntime
import Testing

@Suite("What a script has connected to") struct ConnectNamesTests {
    @Test func `is completed like hubspot, whatever the script calls it`() async throws {
        @Sendable func source(_ connection: String?) -> SessionSource {
            SessionSource(description: SessionDescription(profile: connection), connection: connection) {
                () throws(HubSpotError) in throw HubSpotError(.unauthenticated, "no credential of \(connection ?? "")")
            }
        }
        var options = LuaRuntime.Options()
        let other = source("b")
        options.modules = MoonspotModules.all(session: source(nil), connect: { (name) throws(HubSpotError) in other })
        let runtime = try LuaRuntime(options)
        _ = try await runtime.run(LuaChunk("client = { b = hubspot.connect('b') }", name: "=test"))
        let names = await runtime.names(in: ["client", "b"])
        #expect(names.contains { $0 == ("deals", "table") } && names.contains { $0 == ("request", "function") })
        #expect(await runtime.names(in: ["client", "b", "contacts"]).map(\.name).contains("create"))
        #expect(await runtime.names(in: ["client", "b", "contacts", "batch"]).map(\.name).contains("upsert"))
        #expect(await runtime.names(in: ["client", "b", "nothing"]).isEmpty)
        // Its functions are its own session's, and an error names them as they are declared.
        let told = try await runtime.run(
            LuaChunk(
                "return select(2, pcall(client.b.contacts.get, 1)).message, pcall(client.b.contacts.get)", name: "=test"
            ))
        #expect(told.first == .string("no credential of b"))
        #expect(told.dropFirst().first == .boolean(false))
        await runtime.close()
    }
}
