import Testing

@testable import HubSpot
@testable import Moonspot

@Suite("Properties that are asked for") struct AskedPropertiesTests {
    private func request(_ address: String, body: String? = nil) -> ShownRequest {
        ShownRequest(method: "GET", address: address, headers: [], body: body.map { Array($0.utf8) }, placement: nil)
    }

    @Test(arguments: [
        ("https://api.hubapi.com/crm/objects/2026-09/contacts?limit=1&properties=email%2Cemial", nil),
        ("https://api.hubapi.com/crm/v3/objects/contacts/7?properties=email&properties=emial", nil),
        ("https://api.hubapi.com/crm/objects/2026-09/contacts/search", #"{"properties":["email","emial"]}"#),
        ("https://api.hubapi.com/crm/objects/2026-09/0-1/batch/read", #"{"inputs":[],"properties":["email","emial"]}"#),
    ])
    func `are read from a request, and those that there are not are told`(address: String, body: String?) throws {
        let asked = try #require(AskedProperties(request(address, body: body)))
        #expect(asked.type == "contacts")
        #expect(asked.names == ["email", "emial"])
        let known = [PropertySummary(name: "email", label: "Email", type: "string")]
        #expect(
            asked.remarks(known).map(\.text) == [
                "contacts have no property 'emial', and nothing is fetched for it; did you mean 'email'?"
            ])
    }

    @Test(arguments: [
        ("https://api.hubapi.com/crm/objects/2026-09/contacts", nil),
        ("https://api.hubapi.com/marketing/v3/forms", nil),
        ("https://api.hubapi.com/crm/objects/2026-09/contacts", #"{"properties":{"email":"a@b.example"}}"#),
    ])
    func `are none in others`(address: String, body: String?) {
        #expect(AskedProperties(request(address, body: body)) == nil)
    }
}
