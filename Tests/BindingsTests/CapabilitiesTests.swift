import HubSpot
import LuaRuntime
import Simulator
import Testing

@testable import Bindings

@Suite("hubspot.capabilities") struct CapabilitiesTests {
    private func open(_ names: [String]) -> String {
        "local known = hubspot.capabilities(); local list = {}; for _, name in ipairs{ "
            + names.map { "'\($0)'" }.joined(separator: ", ")
            + " } do list[#list + 1] = name .. ' ' .. tostring(known[name].open) .. ' ' .. tostring(known[name].scope) end "
            + "return table.concat(list, '; ')"
    }

    @Test func `tells by the token's scopes what is open, and what is missing`() async throws {
        var options = SimulatorOptions()
        options.scopes = ["crm.objects.contacts.read", "forms"]
        try await Console.running(options) { console in
            let told = try await console.value(
                open(["hubspot.contacts.get", "hubspot.contacts.create", "hubspot.deals.list", "hubspot.forms.submit"]))
            let expected = [
                "hubspot.contacts.get true crm.objects.contacts.read",
                "hubspot.contacts.create false crm.objects.contacts.write",
                "hubspot.deals.list false crm.objects.deals.read", "hubspot.forms.submit true forms",
            ]
            #expect(told.asString == expected.joined(separator: "; "))
            let reason = try await console.value("return hubspot.capabilities()['hubspot.deals.list'].reason")
            guard case .string(let text) = reason else { throw HubSpotError(.badResponse, "no reason") }
            #expect(text.contains("lacks the scope") && text.contains("service key"), "\(text)")
            // It says what happens.
            #expect(try await console.failure("hubspot.deals.list()")["kind"] == "forbidden")
            #expect(try await console.value("return hubspot.contacts.list().results and true") == .boolean(true))
        }
    }

    @Test func `are a line of a function's help, as far as they are known`() async throws {
        var options = SimulatorOptions()
        options.scopes = ["crm.objects.contacts.read"]
        try await Console.running(options) { console in
            let source = console.source
            #expect(
                source.openness(of: "hubspot.contacts.get")?.hasPrefix("needs the scope crm.objects.contacts.read;")
                    == true)
            #expect(source.openness(of: "hubspot.limits.state") == nil)
            try await console.run("assert(hubspot.session.scopes)")
            #expect(
                source.openness(of: "hubspot.contacts.get") == "open to this credential, by crm.objects.contacts.read")
            let closed = source.openness(of: "hubspot.contacts.create") ?? ""
            #expect(
                closed.hasPrefix("closed: the credential lacks the scope; add crm.objects.contacts.write"), "\(closed)")
        }
        try await Console.running(configure: { $0.isReadOnly = true }) { console in
            // Known without a question, and without opening anything.
            let closed = console.source.openness(of: "hubspot.contacts.create")
            #expect(closed == "closed: this session is read-only (it needs the scope crm.objects.contacts.write)")
            #expect(console.source.openSession == nil)
        }
    }

    @Test func `counts in what the session does not allow`() async throws {
        try await Console.running(configure: { $0.isReadOnly = true }) { console in
            let told = try await console.value(open(["hubspot.contacts.get", "hubspot.contacts.create"]))
            let expected = [
                "hubspot.contacts.get true crm.objects.contacts.read",
                "hubspot.contacts.create false crm.objects.contacts.write",
            ]
            #expect(told.asString == expected.joined(separator: "; "))
            let reason = try await console.value("return hubspot.capabilities()['hubspot.contacts.create'].reason")
            #expect(reason == .string("this session is read-only"))
        }
    }
}
