import HTTPTypes
import JSON
import Synchronization
import Testing

@testable import HubSpot

/// Remembers what it is told.
private final class Diary: WriteJournal {
    struct Entry {
        var intent: WriteIntent
        var fates: [WriteFate] = []

        var fate: String {
            switch fates.last {
            case .done(let id, let isNew, let values, _, _):
                "done \(id ?? "-") \(isNew.map { $0 ? "new" : "old" } ?? "-") \(values?.text ?? "-")"
            case .failed(let error): "failed \(error.kind.rawValue)"
            case .unknown(let error): "unknown \(error.kind.rawValue)"
            case nil: "intended"
            }
        }
    }

    let readsBefore: Bool
    private let isFull: Bool
    private let state = Mutex<(entries: [Entry], whenTold: @Sendable () -> Void)>(([], {}))

    init(readsBefore: Bool = false, isFull: Bool = false) {
        self.readsBefore = readsBefore
        self.isFull = isFull
    }

    var entries: [Entry] { state.withLock { $0.entries } }
    var told: [String] { entries.map { "\($0.intent.action) \($0.intent.method) \($0.intent.path): \($0.fate)" } }
    func whenTold(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenTold = body } }

    func intend(_ writes: [WriteIntent], in session: Session) async throws(HubSpotError) -> [Int64] {
        if isFull { throw HubSpotError(.unavailable, "the disk is full") }
        return state.withLock { state in
            state.whenTold()
            return writes.map { write in
                if let number = write.number {
                    state.entries[Int(number)].intent = write
                    return number
                }
                state.entries.append(Entry(intent: write))
                return Int64(state.entries.count - 1)
            }
        }
    }

    func settle(_ settled: [SettledWrite]) {
        state.withLock { state in for write in settled { state.entries[Int(write.number)].fates.append(write.fate) } }
    }
}

@Suite("The journal of a session's writes") struct WriteJournalTests {
    private static let contacts = "/crm/objects/2026-09/contacts"

    /// A record as an answer has it.
    private static func record(_ id: Int, _ properties: String = "{}") -> String {
        #"{"id":"\#(id)","properties":\#(properties),"updatedAt":"2026-11-29T00:00:00Z"}"#
    }

    private func running(
        _ diary: Diary, respond: @escaping FakeHubSpot.Respond, _ body: (Session, FakeHubSpot) async throws -> Void
    ) async throws {
        try await FakeHubSpot.running({ $0.journal = diary }, respond: respond, body)
    }

    @Test func `hears of a write before it leaves, and of its fate`() async throws {
        let diary = Diary()
        try await running(diary, respond: { _ in .init(200, Self.record(501, #"{"city":"Rome","x":"y"}"#)) }) {
            session, server in
            diary.whenTold { #expect(server.requests.isEmpty) }
            _ = try await CRMObjects(.contacts, session: session).update(.id("501"), ["city": "Rome"])
            #expect(server.requests.count == 1)
            #expect(diary.told == [#"update PATCH \#(Self.contacts)/501: done 501 - {"city":"Rome"}"#])
            #expect(diary.entries[0].intent.body == Array(#"{"properties":{"city":"Rome"}}"#.utf8))
            #expect(diary.entries[0].intent.type == "contacts" && diary.entries[0].intent.id == "501")
        }
    }

    @Test func `keeps a write from leaving that it cannot keep`() async throws {
        try await running(Diary(isFull: true), respond: { _ in .init(200, "{}") }) { session, server in
            let contacts = CRMObjects(.contacts, session: session)
            #expect(await failure { try await contacts.archive(.id("1")) }?.message == "the disk is full")
            let outcome = await contacts.create((0..<150).map { _ in .init(nil, ["city": "Rome"]) })
            #expect(outcome.failures.count == 150)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `knows reads from writes`() async throws {
        let diary = Diary()
        try await running(diary, respond: { _ in .init(200, Self.record(1)) }) { session, _ in
            _ = try await CRMObjects(.contacts, session: session).get(.id("1"))
            _ = await CRMObjects(.contacts, session: session).read([.id("1"), .id("2")])
            #expect(diary.entries.isEmpty)
        }
    }

    @Test func `has one place for each record of a batch, however often it is sent`() async throws {
        let diary = Diary()
        let respond: FakeHubSpot.Respond = { request in
            guard request.path.hasSuffix("/batch/update") else {
                return request.path.hasSuffix("/2")
                    ? .init(400, #"{"category":"VALIDATION_ERROR","message":"no"}"#)
                    : .init(200, Self.record(3, #"{"city":"Rome"}"#))
            }
            // A batch that holds record 2 is refused as a whole.
            guard request.body.contains(#""id":"2""#) else {
                return .init(200, #"{"results":[\#(Self.record(1)),\#(Self.record(3))]}"#)
            }
            return .init(400, #"{"category":"VALIDATION_ERROR","message":"2 is bad"}"#)
        }
        try await running(diary, respond: respond) { session, server in
            let outcome = await CRMObjects(.contacts, session: session).update(
                ["1", "2", "3"].map { .init(.id($0), ["city": "Rome"]) })
            #expect(outcome.failures.map(\.index) == [1])
            #expect(server.requests.count > 2)
            #expect(
                diary.told == [
                    "update PATCH \(Self.contacts)/1: done 1 - -", "update PATCH \(Self.contacts)/2: failed validation",
                    "update PATCH \(Self.contacts)/3: done 3 - -",
                ])
        }
    }

    @Test func `follows an upsert that turns into a create`() async throws {
        let diary = Diary()
        let respond: FakeHubSpot.Respond = { request in
            request.method == "PATCH"
                ? .init(404, #"{"category":"OBJECT_NOT_FOUND","message":"no"}"#) : .init(201, Self.record(9))
        }
        try await running(diary, respond: respond) { session, server in
            _ = try await CRMObjects(.contacts, session: session).upsert(.email("ada@example.org"), ["city": "Rome"])
            #expect(server.requests.map(\.method) == ["PATCH", "POST"])
            #expect(diary.told == ["create POST \(Self.contacts): done 9 - -"])
        }
    }

    @Test func `does not know what became of a create without an answer`() async throws {
        let diary = Diary()
        try await running(diary, respond: { _ in .init(502, "{}") }) { session, _ in
            let error = await failure { try await CRMObjects(.contacts, session: session).create(["city": "Rome"]) }
            #expect(error?.fateIsUnknown == true)
            #expect(diary.told == ["create POST \(Self.contacts): unknown unavailable"])
        }
    }

    @Test func `hears of links, unlinks in a list, and requests that are spelled out`() async throws {
        let diary = Diary()
        try await running(diary, respond: { _ in .init(200, "{}") }) { session, _ in
            let links = Associations(session: session)
            _ = try await links.link(.contacts, "1", ObjectType("companies"), "2")
            _ = await links.unlink(.contacts, ObjectType("companies"), [.init(from: "1", to: "2")])
            _ = try await session.request(APIRequest(.delete, "/crm/v3/objects/deals/7"))
            _ = try await session.request(APIRequest(.post, "/crm/v3/lists", body: Array("{}".utf8)), raises: false)
            #expect(diary.entries.map(\.intent.action) == [.link, .unlink, .delete, .other])
            #expect(diary.entries.map(\.intent.other?.id) == ["2", "2", nil, nil])
            #expect(diary.entries.map(\.intent.type) == ["contacts", "contacts", "deals", nil])
            #expect(diary.entries.allSatisfy { $0.fate.hasPrefix("done") })
        }
    }

    @Test func `reads what writes will change, with one request for a batch`() async throws {
        let diary = Diary(readsBefore: true)
        let respond: FakeHubSpot.Respond = { request in
            request.path.hasSuffix("/batch/read")
                ? .init(
                    200,
                    #"{"results":[\#(Self.record(1, #"{"city":"Bonn","hs_object_id":"1"}"#)),\#(Self.record(2, #"{"city":null}"#))]}"#
                ) : .init(200, #"{"results":[\#(Self.record(1)),\#(Self.record(2))]}"#)
        }
        try await running(diary, respond: respond) { session, server in
            _ = await CRMObjects(.contacts, session: session).update(
                ["1", "2"].map { .init(.id($0), ["city": "Rome"]) })
            #expect(server.requests.map(\.path) == ["\(Self.contacts)/batch/read", "\(Self.contacts)/batch/update"])
            #expect(diary.entries.map(\.intent.before?.text) == [#"{"city":"Bonn"}"#, "{}"])
        }
    }
}
