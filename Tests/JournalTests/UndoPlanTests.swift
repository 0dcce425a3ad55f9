import Testing

@testable import Journal

@Suite("What takes a run back") struct UndoPlanTests {
    private static let contact = Write.Record(type: "contacts", id: "501")

    /// A run's writes, numbered.
    private func plan(_ writes: [Write]) -> UndoPlan {
        UndoPlan(
            writes.enumerated().map { place, write in
                var write = write
                write.number = Int64(place + 1)
                return write
            })
    }

    private func write(
        _ action: Write.Action, _ id: String? = "501", sent: String? = nil, before: String? = nil,
        fate: Write.Fate = .done, to other: String? = nil
    ) -> Write {
        var write = Write(at: 1_000, method: "POST", path: "/", action: action, type: "contacts", id: id)
        write.sent = sent.map { #"{"properties":\#($0)}"# }
        write.before = before
        write.fate = fate
        write.other = other.map { Write.Record(type: "companies", id: $0) }
        return write
    }

    @Test func `gives values back that were before the first of several writes`() {
        let plan = plan([
            write(.update, sent: #"{"city":"Rome","age":7}"#, before: #"{"city":"Bonn"}"#),
            write(.update, sent: #"{"city":"Oslo"}"#, before: #"{"city":"Rome"}"#),
        ])
        #expect(plan.restores.map(\.record) == [Self.contact] && plan.restores.map(\.writes) == [[1, 2]])
        let changes = plan.restores[0].changes
        #expect(changes.map(\.name) == ["city", "age"])
        #expect(changes.map(\.before) == ["Bonn", ""] && changes.map(\.last) == ["Oslo", "7"])
    }

    @Test func `archives what the run made, whatever it wrote to it later`() {
        let plan = plan([
            write(.create, sent: #"{"city":"Rome"}"#), write(.update, sent: #"{"city":"Oslo"}"#),
            write(.link, to: "9"),
        ])
        #expect(plan.archives.map(\.values) == [["city": "Oslo"]] && plan.archives[0].writes == [1, 2])
        #expect(plan.restores.isEmpty && plan.pairs.isEmpty && plan.settled == [3])
    }

    @Test func `is nothing for a record that the run made and archived`() {
        let plan = plan([write(.create), write(.delete)])
        #expect(plan.isEmpty && plan.settled == [1, 2])
    }

    @Test func `makes archived records again, with what they were before the run`() {
        let plan = plan([
            write(.update, sent: #"{"city":"Rome"}"#, before: #"{"city":"Bonn"}"#),
            write(.delete, before: #"{"city":"Rome","email":"ada@example.org"}"#),
        ])
        #expect(plan.remakes.count == 1)
        #expect(plan.remakes[0].before == ["city": "Rome", "email": "ada@example.org"])
        #expect(plan.remakes[0].changes.map(\.before) == ["Bonn"])
    }

    @Test func `lists what cannot be taken back, and leaves out what was not done`() {
        let plan = plan([
            write(.merge), write(.gdprDelete), write(.submit), write(.other), write(.create, nil, fate: .unknown),
            write(.update, fate: .failed),
        ])
        #expect(plan.isEmpty)
        #expect(plan.left.map(\.reason) == [.merge, .gdprDelete, .submission, .otherRequest, .unknownFate])
    }

    @Test func `takes members of lists back by what HubSpot says was added and removed`() {
        func change(_ verb: String, _ after: String?) -> Write {
            var write = Write(
                at: 1_000, method: "PUT", path: "/crm/lists/2026-09/7/memberships/\(verb)", action: .other)
            (write.after, write.fate) = (after, .done)
            return write
        }
        let plan = plan([
            change("add", #"{"added":["1","2"],"removed":[]}"#), change("remove", #"{"added":[],"removed":["2","3"]}"#),
            change("add-from/8", nil),
        ])
        #expect(plan.memberships == [.init(list: "7", added: ["1"], removed: ["3"], writes: [1, 2])])
        #expect(plan.left.map(\.reason) == [.otherRequest])
    }

    @Test func `takes the record that was written last first`() {
        let plan = plan([write(.update, "1"), write(.update, "2"), write(.update, "1"), write(.update, "3")])
        #expect(plan.restores.map(\.record.id) == ["3", "1", "2"])
    }
}
