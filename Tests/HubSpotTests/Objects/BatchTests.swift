import JSON
import Testing

@testable import HubSpot

/// The ids of a batch's inputs.
private func ids(_ body: String) -> [String] {
    JSONSlice(body).field("inputs")?.elements()?.compactMap { $0.field("id")?.idText } ?? []
}

private func record(_ id: String, email: String? = nil) -> String {
    let email = email.map { #","email":"\#($0)""# } ?? ""
    return #"{"id":"\#(id)","properties":{"hs_object_id":"\#(id)"\#(email)},"archived":false}"#
}

private func batch(_ records: [String], errors: [String] = []) -> FakeHubSpot.Answer {
    let tail = errors.isEmpty ? "" : #","errors":[\#(errors.joined(separator: ","))]"#
    return .init(
        errors.isEmpty ? 200 : 207, #"{"status":"COMPLETE","results":[\#(records.joined(separator: ","))]\#(tail)}"#)
}

@Suite("A batch read") struct BatchReadTests {
    @Test func `sends 100 to a request, answers in the list's order, doubles once`() async throws {
        try await FakeHubSpot.running(respond: { batch(ids($0.body).reversed().map { record($0) }) }) {
            session, server in
            let list = (1...250).map { RecordReference.id("\($0)") } + [.id("7")]
            let outcome = await CRMObjects(.contacts, session: session).read(list)
            #expect(outcome.successes.map(\.record.recordID) == (1...250).map { "\($0)" })
            #expect(outcome.failures.isEmpty)
            #expect(server.requests.map { ids($0.body).count }.sorted() == [50, 100, 100])
        }
    }

    @Test func `sends 50 to a request with history`() async throws {
        try await FakeHubSpot.running(respond: { batch(ids($0.body).map { record($0) }) }) { session, server in
            let options = ReadOptions(propertiesWithHistory: ["email"])
            _ = await CRMObjects(.contacts, session: session).read((1...60).map { .id("\($0)") }, options)
            #expect(server.requests.map { ids($0.body).count }.sorted() == [10, 50])
        }
    }

    @Test func `tells which are missing, with their places`() async throws {
        let missing =
            #"{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["2","9"]}}"#
        try await FakeHubSpot.running(respond: { request in
            batch(ids(request.body).filter { !["2", "9"].contains($0) }.map { record($0) }, errors: [missing])
        }) { session, server in
            let outcome = await CRMObjects(.contacts, session: session).read(["1", "2", "3", "9"].map { .id($0) })
            #expect(outcome.successes.map(\.index) == [0, 2])
            #expect(outcome.failures.map(\.index) == [1, 3])
            #expect(outcome.failures.allSatisfy { $0.error.kind == .notFound && $0.error.status == 404 })
            #expect(server.requests.count == 1)
        }
    }

    @Test func `asks singly for what the answer names neither as a result nor as an error`() async throws {
        try await FakeHubSpot.running(respond: { request in
            if request.method == "GET" { return .init(200, record("3")) }
            return batch(ids(request.body).filter { $0 != "3" }.map { record($0) })
        }) { session, server in
            let outcome = await CRMObjects(.contacts, session: session).read(["1", "2", "3"].map { .id($0) })
            #expect(outcome.successes.map(\.record.recordID) == ["1", "2", "3"])
            #expect(server.requests.map(\.method) == ["POST", "GET"])
        }
    }

    @Test func `matches addresses without regard to case`() async throws {
        try await FakeHubSpot.running(respond: { request in
            batch(ids(request.body).enumerated().map { record("\($0.offset)", email: $0.element.lowercased()) })
        }) { session, server in
            let list = ["Ada@Example.org", "ada@example.org", "grace@example.org"].map { RecordReference.email($0) }
            let outcome = await CRMObjects(.contacts, session: session).read(
                list, ReadOptions(properties: ["firstname"]))
            #expect(outcome.successes.map(\.index) == [0, 2])
            #expect(server.requests[0].body.contains(#""properties":["firstname","email"]"#))
        }
    }
}

@Suite("A batch that is refused") struct BatchRefusalTests {
    @Test func `is split until the culprit stands alone`() async throws {
        try await FakeHubSpot.running(respond: { request in
            let bad = request.body.contains(#""bad""#) || request.uri.hasSuffix("/66") && request.method == "PATCH"
            if bad { return .init(400, #"{"status":"error","message":"bad value","category":"VALIDATION_ERROR"}"#) }
            if request.method == "PATCH" {
                return .init(200, record(String(request.path.split(separator: "/").last ?? "")))
            }
            return batch(ids(request.body).map { record($0) })
        }) { session, server in
            let writes = (1...100).map {
                CRMObjects.BatchWrite(.id("\($0)"), PropertyBag([("firstname", $0 == 66 ? "bad" : "good")]))
            }
            let outcome = await CRMObjects(.contacts, session: session).update(writes)
            #expect(outcome.successes.count == 99)
            #expect(outcome.failures.map(\.index) == [65])
            #expect(outcome.failures.first?.error.kind == .validation)
            #expect(server.requests.count < 20)
        }
    }

    @Test func `raises for the session only where nothing was sent successfully`() async throws {
        let refusal = #"{"status":"error","message":"no","category":"INVALID_AUTHENTICATION"}"#
        try await FakeHubSpot.running(
            { $0.concurrency = 1 },
            respond: { request in
                ids(request.body).contains("1") ? batch(ids(request.body).map { record($0) }) : .init(401, refusal)
            }
        ) { session, server in
            let objects = CRMObjects(.contacts, session: session)
            let mixed = await objects.read((1...300).map { .id("\($0)") })
            #expect(mixed.successes.count == 100)
            #expect(mixed.failures.map(\.index) == Array(100..<300))
            #expect(mixed.sessionFailure == nil)
            #expect(mixed.failures.last?.error.message.hasPrefix("not sent") == true)
            #expect(server.requests.count == 2)
            let none = await objects.read((301...302).map { .id("\($0)") })
            #expect(none.sessionFailure?.kind == .unauthenticated)
        }
    }
}

@Suite("A batch create") struct BatchCreateTests {
    @Test func `matches results and errors by trace id, in any order`() async throws {
        try await FakeHubSpot.running(respond: { request in
            let traces =
                JSONSlice(request.body).field("inputs")?.elements()?.compactMap {
                    $0.field("objectWriteTraceId")?.string
                } ?? []
            let results = traces.filter { $0 != "m2" }.reversed().map {
                #"{"id":"1\#($0.dropFirst())","objectWriteTraceId":"\#($0)","properties":{}}"#
            }
            let error =
                #"{"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 77","context":{"objectWriteTraceId":["m2"]}}"#
            return batch(results, errors: [error])
        }) { session, _ in
            let writes = ["a", "b", "c"].map { CRMObjects.BatchWrite(nil, PropertyBag([("firstname", $0)])) }
            let outcome = await CRMObjects(.contacts, session: session).create(writes)
            #expect(outcome.successes.map(\.record.recordID) == ["11", "13"])
            #expect(outcome.failures.map(\.index) == [1])
            #expect(outcome.failures.first?.error.existingID == "77")
        }
    }

    @Test func `never makes a record again that the answer leaves out`() async throws {
        try await FakeHubSpot.running(respond: { _ in batch([record("1")]) }) { session, server in
            let writes = ["a", "b"].map { CRMObjects.BatchWrite(nil, PropertyBag([("firstname", $0)])) }
            let outcome = await CRMObjects(.contacts, session: session).create(writes)
            #expect(server.requests.count == 1)
            #expect(outcome.failures.allSatisfy { $0.error.kind == .badResponse })
        }
    }
}

@Suite("Changing one record twice in a batch") struct BatchDoublesTests {
    @Test func `sends the second change after the first is answered`() async throws {
        try await FakeHubSpot.running(respond: { request in
            if request.method == "PATCH" { return .init(200, record("1")) }
            return batch(ids(request.body).map { record($0) })
        }) { session, server in
            let writes = [("1", "a"), ("2", "b"), ("1", "c")].map {
                CRMObjects.BatchWrite(.id($0.0), PropertyBag([("firstname", $0.1)]))
            }
            let outcome = await CRMObjects(.contacts, session: session).update(writes)
            #expect(outcome.successes.map(\.index) == [0, 1])
            #expect(server.requests.map(\.method) == ["POST", "PATCH"])
            #expect(server.requests[1].body.contains(#""c""#))
        }
    }
}

@Suite("An upsert by email") struct UpsertTests {
    @Test func `updates what it finds, creates what it does not, and mends a race`() async throws {
        try await FakeHubSpot.running(respond: { request in
            switch request.path.split(separator: "/").last {
            case "read": return batch([record("1", email: "ada@example.org")])
            case "update": return batch([record("1")])
            case "contacts":
                return .init(409, #"{"message":"Contact already exists. Existing ID: 5","category":"CONFLICT"}"#)
            case "1", "5": return .init(200, record(String(request.path.split(separator: "/").last ?? "")))
            default: return .init(500)
            }
        }) { session, server in
            let writes = ["Ada@example.org", "new@example.org"].map {
                CRMObjects.BatchWrite(.email($0), PropertyBag([("email", $0), ("firstname", "A")]))
            }
            let outcome = await CRMObjects(.contacts, session: session).upsert(writes)
            #expect(outcome.successes.map(\.record.recordID) == ["1", "5"])
            #expect(outcome.successes.allSatisfy { $0.record.field("new")?.boolean == false })
            let patches = server.requests.filter { $0.method == "PATCH" }
            #expect(patches.allSatisfy { !$0.body.contains("email") })
        }
    }

    @Test func `calls a contact new that its list has made, however often the list names it`() async throws {
        try await FakeHubSpot.running(respond: { request in
            switch request.method {
            case "GET": return .init(404, #"{"message":"resource not found","category":"OBJECT_NOT_FOUND"}"#)
            case "POST": return .init(201, record("1"))
            default: return .init(200, record("1"))
            }
        }) { session, server in
            let writes = ["A", "B"].map {
                CRMObjects.BatchWrite(
                    .email("new@example.org"), PropertyBag([("email", "new@example.org"), ("firstname", $0)]))
            }
            let outcome = await CRMObjects(.contacts, session: session).upsert(writes)
            #expect(outcome.successes.map(\.index) == [0])
            #expect(outcome.successes.first?.record.field("new")?.boolean == true)
            #expect(server.requests.map(\.method) == ["GET", "POST", "PATCH"])
        }
    }

    @Test func `of one record is a single request where the record exists`() async throws {
        try await FakeHubSpot.running(respond: { _ in .init(200, record("1")) }) { session, server in
            let found = try await CRMObjects(.contacts, session: session).upsert(
                .email("ada@example.org"), PropertyBag([("email", "ada@example.org"), ("firstname", "Ada")]))
            #expect(found.field("new")?.boolean == false)
            #expect(server.requests.map(\.method) == ["PATCH"])
            #expect(server.requests[0].uri.hasSuffix("/ada%40example.org?idProperty=email"))
        }
    }
}

@Suite("Many properties") struct LongPropertiesTests {
    private static let many = (1...600).map { "a_rather_long_property_name_\($0)" }

    @Test func `are asked for in a body`() async throws {
        try await FakeHubSpot.running(respond: { request in
            request.method == "GET"
                ? .init(200, #"{"results":[\#(record("1")),\#(record("2"))],"paging":{"next":{"after":"3"}}}"#)
                : batch(ids(request.body).reversed().map { record($0) })
        }) { session, server in
            let objects = CRMObjects(.contacts, session: session)
            #expect(try await objects.get(.id("1"), ReadOptions(properties: Self.many)).recordID == "1")
            let page = try await objects.list(ReadOptions(properties: Self.many))
            #expect(page.slice.field("results")?.elements()?.map(\.recordID) == ["1", "2"])
            #expect(page.slice.field("paging")?.field("next")?.field("after")?.string == "3")
            #expect(server.requests.allSatisfy { $0.uri.utf8.count < 200 })
        }
    }
}

@Suite("A search over all hits") struct SearchCursorTests {
    @Test func `goes from id to id`() async throws {
        try await FakeHubSpot.running(respond: { request in
            request.body.contains(#""value":"2""#)
                ? .init(200, #"{"total":1,"results":[\#(record("3"))]}"#)
                : .init(
                    200, #"{"total":3,"results":[\#(record("1")),\#(record("2"))],"paging":{"next":{"after":"2"}}}"#)
        }) { session, server in
            let objects = CRMObjects(.contacts, session: session)
            let query = SearchQuery(filterGroups: [[SearchFilter("a", .has)], [SearchFilter("b", .has)]])
            let (_, next) = try await objects.searchAll(query, at: nil)
            #expect(next == SearchCursor(above: "2"))
            let (page, last) = try await objects.searchAll(query, at: next)
            #expect(page.slice.field("results")?.elements()?.count == 1)
            #expect(last == nil)
            let filters = server.requests[1].body.components(
                separatedBy: #""propertyName":"hs_object_id","operator":"GT","value":"2""#)
            #expect(filters.count == 3)
            #expect(server.requests.allSatisfy { !$0.body.contains("after") })
        }
    }

    @Test func `refuses an order of its own beyond what HubSpot sorts`() async throws {
        try await FakeHubSpot.running(respond: { request in
            request.body.contains("after")
                ? .init(200, #"{"total":10001,"results":[\#(record("2"))]}"#)
                : .init(200, #"{"total":10001,"results":[\#(record("1"))],"paging":{"next":{"after":"1"}}}"#)
        }) { session, _ in
            let query = SearchQuery(sorts: [SearchSort("createdate")])
            let objects = CRMObjects(.contacts, session: session)
            await #expect(throws: HubSpotError.self) { try await objects.searchAll(query, at: nil) }
            let (_, next) = try await objects.searchAll(query, at: nil, wanted: 50)
            #expect(next == SearchCursor(ids: ["2"]))
        }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
