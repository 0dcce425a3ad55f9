import HTTPTypes
import Synchronization
import Testing

@testable import HubSpot

@Suite("A write that people regret") struct AdmissionTests {
    /// Gives one answer after the other, and keeps the questions.
    private final class Person: Sendable {
        let questions = Mutex<[WriteQuestion]>([])
        private let answers: Mutex<[Bool]>
        private let stance: WriteConfirmation.Stance

        init(_ answers: [Bool], _ stance: WriteConfirmation.Stance = .asking(line: 1)) {
            self.answers = Mutex(answers)
            self.stance = stance
        }

        func configure(_ configuration: inout SessionConfiguration) {
            configuration.confirmation = WriteConfirmation(
                threshold: 100, stance: { [stance] in stance },
                ask: { [self] question in
                    questions.withLock { $0.append(question) }
                    return answers.withLock { $0.isEmpty ? false : $0.removeFirst() }
                })
        }
    }

    /// A portal: every path of a simulator's own is unknown to it.
    private static let portal: FakeHubSpot.Respond = { request in
        if request.path.hasPrefix("/_simulator") { return .init(404, "<html></html>") }
        if request.path.hasSuffix("/batch/update") {
            return .init(200, #"{"results":[{"id":"1","properties":{}}]}"#)
        }
        return request.method == "DELETE" || request.path.hasSuffix("archive") ? .init(204) : .init(200, #"{"id":"1"}"#)
    }

    private func writes(_ server: FakeHubSpot) -> [String] {
        server.requests.filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
    }

    @Test func `is sent after a yes, and not after a no`() async throws {
        let person = Person([true, false])
        try await FakeHubSpot.running(person.configure, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            try await contacts.archive(.id("501"))
            let error = try #require(await failure { try await contacts.archive(.id("502")) })
            #expect(error.kind == .notConfirmed)
            #expect(error.message.contains("delete 1 contact (502)"))
            #expect(writes(server).count == 1)
            let questions = person.questions.withLock { $0 }
            #expect(questions.map(\.effect.words) == ["delete 1 contact (501)", "delete 1 contact (502)"])
            #expect(questions.first?.portalID == 20_000_001)
        }
    }

    @Test func `is asked about once for calls that are made together`() async throws {
        let person = Person([true])
        try await FakeHubSpot.running(person.configure, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            let outcome = await contacts.archive((1...250).map { .id("\($0)") })
            #expect(outcome.successes.count == 250)
            #expect(person.questions.withLock { $0 }.map(\.effect.words) == ["delete 250 contacts"])
        }
    }

    @Test func `goes unasked where the call is confirmed, and where the server is the simulator`() async throws {
        let person = Person([])
        try await FakeHubSpot.running(person.configure, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            try await WriteConfirmation.$isGiven.withValue(true) { try await contacts.archive(.id("501")) }
            #expect(writes(server).count == 1)
        }
        let port = Mutex(0)
        try await FakeHubSpot.running(
            person.configure,
            respond: { request in
                guard request.path == "/_simulator/identity" else { return Self.portal(request) }
                return .init(200, #"{"simulator":"moonspot","url":"http://127.0.0.1:\#(port.withLock { $0 })"}"#)
            }
        ) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            // One that is reached through something else is taken for a portal.
            #expect(await !session.isSimulator())
            #expect(await failure { try await contacts.archive(.id("501")) }?.kind == .notConfirmed)
            port.withLock { $0 = session.configuration.baseURL.port }
            let second = Session(session.configuration)
            try await CRMObjects(ObjectType("contacts"), session: second).archive(.id("501"))
            await second.close()
        }
    }

    @Test func `fails where nobody can be asked, and tells what to pass`() async throws {
        let person = Person([], .refusing)
        try await FakeHubSpot.running(person.configure, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            let error = try #require(await failure { try await contacts.archive(.id("501")) })
            #expect(error.kind == .notConfirmed)
            #expect(error.remedy == .confirm)
            let bag = PropertyBag(["firstname": "Ada"])
            let outcome = await contacts.update((1...101).map { .init(.id("\($0)"), bag) })
            #expect(outcome.sessionFailure?.kind == .notConfirmed)
            #expect(writes(server).isEmpty)
            _ = try await contacts.update(.id("1"), bag)
            #expect(writes(server).count == 1)
            #expect(person.questions.withLock { $0 }.isEmpty)
        }
    }

    @Test func `ends its neighbours' wait where its task is cancelled`() async throws {
        let person = Person([])
        let asked = AsyncStream.makeStream(of: Void.self)
        try await FakeHubSpot.running(
            { configuration in
                person.configure(&configuration)
                configuration.confirmation?.ask = { _ in
                    asked.continuation.yield()
                    while !Task.isCancelled { await Task.yield() }
                    return false
                }
            }, respond: Self.portal
        ) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            let first = Task { await failure { try await contacts.archive(.id("501")) }?.kind }
            var questions = asked.stream.makeAsyncIterator()
            await questions.next()
            let second = Task { await failure { try await contacts.archive(.id("502")) }?.kind }
            first.cancel()
            #expect(await first.value == .cancelled)
            #expect(await second.value == .notConfirmed)
            #expect(writes(server).isEmpty)
        }
    }

    // MARK: --max-delete

    @Test func `is not sent beyond the run's number, in a list either`() async throws {
        try await FakeHubSpot.running({ $0.maximumDeletions = 5 }, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            try await contacts.archive(.id("1"))
            let outcome = await contacts.archive((2...11).map { .id("\($0)") })
            #expect(outcome.successes.map(\.index) == [0, 1, 2, 3])
            #expect(outcome.failures.map(\.error.kind) == Array(repeating: .notAllowed, count: 6))
            let error = try #require(await failure { try await contacts.merge(.id("1"), .id("2")) })
            #expect(error.kind == .notAllowed)
            #expect(error.message.contains("5 deletions"))
            #expect(writes(server).count == 2)
        }
    }

    @Test func `is counted exactly among calls that run at the same time`() async throws {
        try await FakeHubSpot.running({ $0.maximumDeletions = 40 }, respond: Self.portal) { session, server in
            let contacts = CRMObjects(ObjectType("contacts"), session: session)
            let kinds = await withTaskGroup(of: HubSpotError.Kind?.self) { group in
                for id in 1...200 {
                    group.addTask { await failure { try await contacts.archive(.id("\(id)")) }?.kind }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(kinds.filter { $0 == nil }.count == 40)
            #expect(kinds.filter { $0 == .notAllowed }.count == 160)
            let sent = server.requests.reduce(0) { sum, request in
                sum + (request.method == "DELETE" ? 1 : request.body.components(of: "\"id\""))
            }
            #expect(sent == 40)
        }
    }

    @Test func `counts unlinks, requests that are spelled out, and batches of definitions`() async throws {
        try await FakeHubSpot.running({ $0.maximumDeletions = 3 }, respond: Self.portal) { session, _ in
            let links = Associations(session: session)
            let outcome = await links.unlink(
                ObjectType("contacts"), ObjectType("companies"), [.init(from: "1", to: "2"), .init(from: "1", to: "3")])
            #expect(outcome.successes.count == 2)
            let two = APIRequest(
                .post, "/crm/v3/objects/contacts/batch/archive",
                body: Array(#"{"inputs":[{"id":"1"},{"id":"2"}]}"#.utf8))
            #expect(await failure { try await session.send(two) }?.kind == .notAllowed)
            let definitions = await PropertyDefinitions(ObjectType("contacts"), session: session).archive(["a", "b"])
            #expect(definitions.successes.count == 1)
            #expect(definitions.failures.map(\.error.kind) == [.notAllowed])
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
