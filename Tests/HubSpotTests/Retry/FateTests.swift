import HTTPTypes
import Testing

@testable import HubSpot

@Suite("A call that failed") struct FateTests {
    private static let create = RequestRules(
        lanes: .forms, repetition: .never, permission: Permission("contacts", .write))
    private static let update = RequestRules(
        lanes: .forms, repetition: .settingState, permission: Permission("contacts", .write))
    private static let submission = RequestRules(
        lanes: .forms, repetition: .never, permission: Permission("forms", .submit))
    private static let read = RequestRules(
        lanes: .forms, repetition: .reading, permission: Permission("contacts", .read))

    private func answered(_ status: Int, _ body: String = "") -> HubSpotError {
        HubSpotError(
            APIResponse(status: status, headers: [:], body: Array(body.utf8)),
            to: APIRequest(.post, "/crm/objects/2026-09/contacts"))
    }

    @Test(arguments: [500, 502, 503, 504, 520, 521, 522, 523, 524, 530])
    func `may have been carried out where a server gave up on it`(status: Int) {
        for body in ["", "<html>", #"{"message":"It broke. Please try again later."}"#] {
            for rules in [Self.create, Self.submission, Self.update] {
                let error = answered(status, body).withFate(rules, appends: false, mayBeDone: false)
                #expect(error.fateIsUnknown)
                #expect(error.kind == .unavailable)
                #expect(error.status == status)
                #expect(error.message.contains("unknown"))
                #expect(!error.message.contains("try again"))
            }
            #expect(!answered(status, body).withFate(Self.read, appends: false, mayBeDone: false).fateIsUnknown)
        }
    }

    @Test(arguments: [400, 401, 403, 404, 405, 409, 414, 423, 429, 477, 302])
    func `was not carried out where it was refused`(status: Int) {
        let error = answered(status).withFate(Self.create, appends: false, mayBeDone: false)
        #expect(!error.fateIsUnknown)
        #expect(error.message == answered(status).message)
    }

    @Test func `says what to do: look first, or send it again where that does no harm`() {
        let lost = HubSpotError(.network, "lost", fateIsUnknown: true)
        #expect(lost.withFate(Self.create, appends: false, mayBeDone: false).message.contains("look for"))
        #expect(lost.withFate(Self.update, appends: true, mayBeDone: false).message.contains("look for"))
        #expect(lost.withFate(Self.update, appends: false, mayBeDone: false).message.contains("does no harm"))
        #expect(!lost.withFate(Self.read, appends: false, mayBeDone: false).fateIsUnknown)
    }

    @Test(arguments: [(429, true), (503, true), (401, true), (400, false), (404, false), (409, false)])
    func `may have been carried out by an earlier try`(status: Int, isUnknown: Bool) {
        let error = answered(status).withFate(Self.update, appends: false, mayBeDone: true)
        #expect(error.fateIsUnknown == isUnknown)
    }

    @Test(arguments: [502, 503, 504])
    func `is told so, one by one and in lists, and sent once`(status: Int) async throws {
        try await FakeHubSpot.running(respond: { .init($0.method == "GET" ? 404 : status, "") }) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            let properties = PropertyBag([("firstname", "Ada")])
            let created = await #expect(throws: HubSpotError.self) { try await contacts.create(properties) }
            let merged = await #expect(throws: HubSpotError.self) { try await contacts.merge(.id("1"), .id("2")) }
            let submission = FormSubmission(formGuid: "99999999-9999-4999-8999-999999999999", fields: [])
            let submitted = await #expect(throws: HubSpotError.self) {
                try await Forms(session: session).submit(submission)
            }
            for error in [created, merged, submitted] { #expect(error?.fateIsUnknown == true) }
            let outcome = await contacts.create((1...3).map { _ in .init(nil, properties) })
            #expect(outcome.failures.map(\.index) == [0, 1, 2])
            #expect(outcome.failures.allSatisfy { $0.error.fateIsUnknown })
            // Something may have been written: that is told row by row.
            #expect(outcome.sessionFailure == nil)
            #expect(server.requests.filter { $0.method != "GET" }.count == 4)
        }
    }

    @Test(arguments: ["", "<html>", "[", "null"])
    func `may have been carried out where its answer cannot be read`(body: String) async throws {
        try await FakeHubSpot.running(respond: { _ in .init(201, body) }) { session, _ in
            let contacts = CRMObjects(.contacts, session: session)
            let created = await #expect(throws: HubSpotError.self) {
                try await contacts.create(PropertyBag([("a", "b")]))
            }
            #expect(created?.kind == .badResponse)
            #expect(created?.fateIsUnknown == true)
            let read = await #expect(throws: HubSpotError.self) { try await contacts.get(.id("1")) }
            #expect(read?.fateIsUnknown == false)
        }
    }
}
