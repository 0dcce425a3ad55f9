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
        #expect(plan.restores.isEmpty && plan.unlinks.isEmpty && plan.settled == [3])
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

    @Test func `reverses links by their last state`() {
        var labelled = write(.unlink, "1", to: "2")
        labelled.sent =
            #"{"inputs":[{"types":[{"associationCategory":"USER_DEFINED","associationTypeId":7}]}]}"#
        let plan = plan([
            write(.link, "1", to: "9"), write(.link, "3", to: "4"), write(.unlink, "3", to: "4"), labelled,
        ])
        #expect(plan.unlinks.map(\.from.id) == ["1"])
        #expect(plan.links.map(\.labels) == [[.init(category: "USER_DEFINED", typeID: 7)]])
        #expect(plan.settled == [2, 3])
    }

    @Test func `leaves links alone that were there before, and knows those that an unlink took`() {
        let plan = plan([
            write(.link, "1", before: #"[{"category":"HUBSPOT_DEFINED","typeId":1}]"#, to: "9"),
            write(
                .unlink, "2",
                before: #"[{"category":"USER_DEFINED","typeId":8},{"category":"HUBSPOT_DEFINED","typeId":1}]"#,
                to: "9"),
        ])
        #expect(plan.unlinks.isEmpty)
        #expect(plan.links.map { $0.labels.map(\.typeID) } == [[1, 8]])
    }

    @Test func `lists what cannot be taken back, and leaves out what was not done`() {
        let plan = plan([
            write(.merge), write(.gdprDelete), write(.submit), write(.other), write(.create, nil, fate: .unknown),
            write(.update, fate: .failed),
        ])
        #expect(plan.isEmpty)
        #expect(plan.left.map(\.reason) == [.merge, .gdprDelete, .submission, .otherRequest, .unknownFate])
    }

    @Test func `takes the record that was written last first`() {
        let plan = plan([write(.update, "1"), write(.update, "2"), write(.update, "1"), write(.update, "3")])
        #expect(plan.restores.map(\.record.id) == ["3", "1", "2"])
    }
}

@Suite("A property that a run has changed") struct UndoVerdictTests {
    private func change(before: String?, last: String = "Rome", answered: Int64? = 100_000) -> UndoPlan.Change {
        .init(name: "city", before: before, first: .init(value: "Rome", at: 99_000, answered: answered), last: last)
    }

    @Test func `gets the value back that was read before`() {
        #expect(change(before: "Bonn").verdict(.init(value: "Rome")) == .restore("Bonn"))
        #expect(change(before: "Bonn", last: "Oslo").verdict(.init(value: "Oslo")) == .restore("Bonn"))
    }

    @Test func `stays where it was changed since, and where it is as before`() {
        #expect(change(before: "Bonn").verdict(.init(value: "Oslo")) == .changed(now: "Oslo", before: "Bonn"))
        #expect(change(before: "Bonn").verdict(.init(value: "Bonn")) == .asBefore)
        #expect(change(before: "Rome").verdict(.init(value: "Rome")) == .asBefore)
    }

    @Test func `finds its old value in its history`() {
        let history = [
            UndoPlan.Version(value: "Rome", at: 99_990), .init(value: "Bonn", at: 50_000),
            .init(value: "Rome", at: 10_000),
        ]
        #expect(change(before: nil).verdict(.init(value: "Rome", history: history)) == .restore("Bonn"))
        #expect(change(before: nil, answered: nil).verdict(.init(value: "Rome", history: history)) == .restore("Bonn"))
        #expect(
            change(before: nil).verdict(.init(value: "Rome", history: [.init(value: "Rome", at: 99_990)]))
                == .restore(""))
    }

    @Test func `has no trace of a write that changed nothing`() {
        let history = [UndoPlan.Version(value: "Rome", at: 10_000), .init(value: "Bonn", at: 5_000)]
        #expect(change(before: nil).verdict(.init(value: "Rome", history: history)) == .asBefore)
    }

    @Test func `is told from a later write of the same value`() {
        let history = [
            UndoPlan.Version(value: "Rome", at: 300_000), .init(value: "Oslo", at: 200_000),
            .init(value: "Rome", at: 99_990), .init(value: "Bonn", at: 50_000),
        ]
        #expect(change(before: nil).verdict(.init(value: "Rome", history: history)) == .restore("Bonn"))
    }
}
