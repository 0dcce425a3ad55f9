import JSON
import Synchronization
import TestSupport
import Testing

@testable import HubSpot
import Quota

private func ids(_ body: String) -> [String] {
    JSONSlice(body).field("inputs")?.elements()?.compactMap { $0.field("id")?.idText } ?? []
}

private func record(_ id: String) -> String {
    #"{"id":"\#(id)","properties":{"hs_object_id":"\#(id)"},"archived":false}"#
}

private func batch(_ records: [String]) -> FakeHubSpot.Answer {
    .init(200, #"{"status":"COMPLETE","results":[\#(records.joined(separator: ","))]}"#)
}

/// Callers who are busy until a test says otherwise.
private final class Gate: Sendable {
    private let state = Mutex<
        (
            isOpen: Bool, waiting: [CheckedContinuation<Void, Never>], arrived: [CheckedContinuation<Void, Never>],
            count: Int
        )
    >((false, [], [], 0))

    func wait() async {
        await withCheckedContinuation { continuation in
            let arrived = state.withLock { state in
                state.count += 1
                if state.isOpen { continuation.resume() } else { state.waiting.append(continuation) }
                defer { state.arrived = [] }
                return state.arrived
            }
            for one in arrived { one.resume() }
        }
    }

    /// Returns once a batch with its permit waits for the callers.
    func hasVisitor() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count == 0 { state.arrived.append(continuation) }
                return state.count > 0
            }
            if isThere { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }
}

@Suite("The coalescer") struct CoalescerTests {
    @Test func `takes along whoever calls before the callers are idle`() async throws {
        let gate = Gate()
        try await FakeHubSpot.running(
            { $0.waitUntilCallersIdle = { await gate.wait() } }, respond: { batch(ids($0.body).map { record($0) }) }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for id in 1...5 { group.addTask { try await contacts.get(.id("\(id)")).recordID } }
                await gate.hasVisitor()
                for id in 3...8 { group.addTask { try await contacts.get(.id("\(id)")).recordID } }
                while session.coalescer?.waitingCalls != 11 { await Task.yield() }
                gate.open()
                var got: [String] = []
                for try await id in group { if let id { got.append(id) } }
                #expect(got.sorted() == ["1", "2", "3", "3", "4", "4", "5", "5", "6", "7", "8"])
            }
            #expect(server.requests.map { ids($0.body).sorted() } == [["1", "2", "3", "4", "5", "6", "7", "8"]])
        }
    }

    @Test func `drops a caller who is cancelled before the batch is sealed`() async throws {
        let gate = Gate()
        try await FakeHubSpot.running(
            { $0.waitUntilCallersIdle = { await gate.wait() } }, respond: { batch(ids($0.body).map { record($0) }) }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            let calls = (1...4).map { id in Task { try await contacts.get(.id("\(id)")).recordID } }
            while session.coalescer?.waitingCalls != 4 { await Task.yield() }
            calls[1].cancel()
            let error = await failure { try await calls[1].value }
            #expect(error?.kind == .cancelled)
            gate.open()
            let others = [try await calls[0].value, try await calls[2].value, try await calls[3].value]
            #expect(others == ["1", "3", "4"])
            #expect(server.requests.map { ids($0.body).sorted() } == [["1", "3", "4"]])
        }
    }

    @Test func `asks for nothing where all callers were cancelled`() async throws {
        let gate = Gate()
        try await FakeHubSpot.running(
            { $0.waitUntilCallersIdle = { await gate.wait() } }, respond: { _ in batch([]) }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            let calls = (1...4).map { id in Task { try await contacts.get(.id("\(id)")).recordID } }
            await gate.hasVisitor()
            for call in calls { call.cancel() }
            for call in calls { #expect(await failure { try await call.value }?.kind == .cancelled) }
            gate.open()
            while try await session.limits().queue.inFlight > 0 { await Task.yield() }
            #expect(server.requests.isEmpty)
            let totals = try await session.limits().totals
            #expect(totals.requests == 0 && totals.records == 0)
        }
    }

    @Test func `splits a batch that is refused as a whole until the culprit stands alone`() async throws {
        let gate = Gate()
        let refusal = #"{"status":"error","message":"no","category":"VALIDATION_ERROR","correlationId":"x"}"#
        try await FakeHubSpot.running(
            { $0.waitUntilCallersIdle = { await gate.wait() } },
            respond: { request in
                let isBad = request.body.contains(#""bad""#)
                if isBad { return .init(400, refusal) }
                return request.method == "PATCH" ? .init(200, record("0")) : batch(ids(request.body).map { record($0) })
            }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            let calls = (1...16).map { id in
                Task {
                    try await contacts.update(.id("\(id)"), PropertyBag([("firstname", id == 11 ? "bad" : "good")]))
                }
            }
            while session.coalescer?.waitingCalls != 16 { await Task.yield() }
            gate.open()
            for (index, call) in calls.enumerated() where index != 10 {
                #expect(await failure { try await call.value } == nil)
            }
            let error = await failure { try await calls[10].value }
            #expect(error?.kind == .validation)
            #expect(error?.request == "PATCH /crm/objects/2026-09/contacts/11")
            #expect(server.requests.count == 9)
        }
    }

    @Test func `sends a call that stands alone as a plain one`() async throws {
        try await FakeHubSpot.running(respond: { _ in .init(200, record("7")) }) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            _ = try await contacts.get(.id("7"), ReadOptions(properties: ["email"]))
            _ = try await contacts.upsert(.email("a@example.org"), PropertyBag([("firstname", "A")]))
            try await contacts.archive(.id("7"))
            #expect(server.requests.map(\.method) == ["GET", "PATCH", "DELETE"])
        }
    }

    @Test func `gives every caller the failure of the session, in the plain call's words`() async throws {
        let gate = Gate()
        try await FakeHubSpot.running(
            { $0.waitUntilCallersIdle = { await gate.wait() } },
            respond: { _ in .init(401, #"{"status":"error","message":"no","category":"INVALID_AUTHENTICATION"}"#) }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            let calls = (1...3).map { id in Task { try await contacts.get(.id("\(id)")) } }
            while session.coalescer?.waitingCalls != 3 { await Task.yield() }
            gate.open()
            for (index, call) in calls.enumerated() {
                let error = await failure { try await call.value }
                #expect(error?.kind == .unauthenticated)
                #expect(error?.request == "GET /crm/objects/2026-09/contacts/\(index + 1)")
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `fills batches while the quota is short`() async throws {
        try await FakeHubSpot.running(
            { $0.quota = try? QuotaSpecification("2/500ms") },
            respond: { request in
                // The first call may go alone, before others wait.
                guard request.body.isEmpty else { return batch(ids(request.body).map { record($0) }) }
                return .init(200, record(String(request.path.split(separator: "/").last ?? "")))
            }
        ) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...300 { group.addTask { _ = try await contacts.get(.id("\(id)")) } }
                try await group.waitForAll()
            }
            #expect(server.requests.count <= 6)
        }
    }
}

@Suite("An answer of a batch") struct PlainAnswerTests {
    @Test func `loses what a plain answer does not have`() {
        let record = JSONSlice(#"{"id":"1","properties":{"a":"x,y","email":"e","b":"2"},"objectWriteTraceId":"m1"}"#)
        #expect(record.asPlain(.create).text == #"{"id":"1","properties":{"a":"x,y","email":"e","b":"2"}}"#)
        let options = ReadOptions(properties: ["a", "b"])
        let read = JSONSlice(#"{"properties":{"email":"e","b":"2"},"id":"1"}"#)
        #expect(read.asPlain(.read(options, idProperty: "email")).text == #"{"properties":{"b":"2"},"id":"1"}"#)
        #expect(read.asPlain(.read(options, idProperty: nil)) == read)
        #expect(JSONSlice(#"{ "a" : 1 }"#).removing("a").text == "{  }")
        #expect(JSONSlice(#"{"b":2, "a":1}"#).removing("a").text == #"{"b":2}"#)
    }
}
