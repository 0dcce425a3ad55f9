import Testing

@testable import Journal

@Suite("The links that a run has changed") struct UndoLinksTests {
    private static let plain = UndoPlan.Kind(.init(category: "HUBSPOT_DEFINED", typeID: 279), name: nil)
    private static let primary = UndoPlan.Kind(.init(category: "HUBSPOT_DEFINED", typeID: 1), name: "Primary")
    private static let adviser = UndoPlan.Kind(.init(category: "USER_DEFINED", typeID: 36), name: "Adviser")
    private static let buyer = UndoPlan.Kind(.init(category: "USER_DEFINED", typeID: 38), name: "Buyer")

    private static func json(_ kinds: [UndoPlan.Kind], as names: (String, String)) -> String {
        let list = kinds.map { kind in
            let label = kind.name.map { "\"\($0)\"" } ?? "null"
            return #"{"\#(names.0)":"\#(kind.label.category)","\#(names.1)":\#(kind.label.typeID),"label":\#(label)}"#
        }
        return "[\(list.joined(separator: ","))]"
    }

    private static func write(
        _ action: Write.Action, _ id: String = "1", to other: String = "9", as kind: UndoPlan.Kind? = nil,
        before: [UndoPlan.Kind]? = nil, primary: String? = nil
    ) -> Write {
        var write = Write(at: 1_000, method: "PUT", path: "/", action: action, type: "contacts", id: id)
        write.other = Write.Record(type: "companies", id: other)
        write.fate = .done
        write.sent = kind.map { json([$0], as: ("associationCategory", "associationTypeId")) }
        write.before = before.map { json($0, as: ("category", "typeId")) }
        if let primary, let kinds = write.before { write.before = #"{"kinds":\#(kinds),"primary":\#(primary)}"# }
        return write
    }

    private static func plan(_ writes: Write...) -> UndoPlan {
        UndoPlan(
            writes.enumerated().map { place, write in
                var write = write
                write.number = Int64(place + 1)
                return write
            })
    }

    private static func verdict(
        _ writes: Write..., present: [UndoPlan.Kind], isForced: Bool = false
    ) throws -> UndoPlan.Relinking {
        var numbered = writes
        for place in numbered.indices { numbered[place].number = Int64(place + 1) }
        let pairs = UndoPlan(numbered).pairs
        try #require(pairs.count == 1 && pairs[0].writes == numbered.map(\.number))
        return pairs[0].verdict(present, isForced: isForced)
    }

    private typealias Links = UndoLinksTests

    @Test func `are as they were where the run has linked what was linked`() throws {
        let before = [Links.plain, Links.primary]
        #expect(try Links.verdict(Links.write(.link, before: before), present: before) == .nothing)
        #expect(
            try Links.verdict(Links.write(.link, as: Links.primary, before: before), present: before) == .nothing)
    }

    @Test func `go with every kind that the run has made`() throws {
        for kind in [nil, Links.primary, Links.adviser] {
            let present = [Links.plain, Links.primary] + (kind == Links.adviser ? [Links.adviser] : [])
            #expect(
                try Links.verdict(Links.write(.link, as: kind, before: []), present: present) == .init(removal: .all))
        }
    }

    @Test func `lose a label alone where they were linked before`() throws {
        #expect(
            try Links.verdict(
                Links.write(.link, as: Links.adviser, before: [Links.plain]), present: [Links.plain, Links.adviser])
                == .init(removal: .kinds([Links.adviser])))
    }

    @Test func `come back with their labels`() throws {
        let before = [Links.primary, Links.plain, Links.adviser]
        #expect(try Links.verdict(Links.write(.unlink, before: before), present: []) == .init(kinds: before))
        #expect(
            try Links.verdict(
                Links.write(.unlink, as: Links.adviser, before: before), present: [Links.plain, Links.primary])
                == .init(kinds: [Links.adviser]))
    }

    @Test func `are as they were before the first of several writes`() throws {
        #expect(
            try Links.verdict(
                Links.write(.link, before: []), Links.write(.unlink, before: [Links.plain]), present: []) == .nothing)
        #expect(
            try Links.verdict(
                Links.write(.unlink, before: [Links.plain, Links.buyer]),
                Links.write(.link, as: Links.adviser, before: []), present: [Links.plain, Links.adviser])
                == .init(removal: .kinds([Links.adviser]), kinds: [Links.buyer]))
    }

    @Test func `keep what others have changed since`() throws {
        let linked = Links.write(.link, as: Links.adviser, before: [])
        #expect(
            try Links.verdict(linked, present: [Links.plain, Links.adviser, Links.buyer])
                == .init(removal: .kinds([Links.adviser]), left: .linkedSince(Links.buyer)))
        #expect(try Links.verdict(linked, present: []) == .nothing)
        #expect(try Links.verdict(Links.write(.link, before: [Links.plain]), present: []) == .nothing)
    }

    @Test func `are left where nothing tells how they were before`() throws {
        #expect(
            try Links.verdict(Links.write(.link), present: [Links.plain]) == .init(left: .unknown(isLinked: true)))
        #expect(try Links.verdict(Links.write(.unlink), present: []) == .init(left: .unknown(isLinked: false)))
        // Others have taken it back already.
        #expect(try Links.verdict(Links.write(.link), present: []) == .nothing)
        #expect(try Links.verdict(Links.write(.unlink), present: [Links.plain]) == .nothing)
    }

    @Test func `are taken back by force`() throws {
        let adviser = Links.write(.link, as: Links.adviser)
        #expect(
            try Links.verdict(adviser, present: [Links.plain, Links.adviser], isForced: true) == .init(removal: .all))
        #expect(
            try Links.verdict(adviser, present: [Links.plain, Links.adviser, Links.buyer], isForced: true)
                == .init(removal: .kinds([Links.adviser])))
        #expect(try Links.verdict(Links.write(.unlink), present: [], isForced: true) == .init(kinds: []))
    }

    @Test func `seen from the other end have other numbers, and are restored all the same`() throws {
        var back = Links.write(.unlink)
        (back.type, back.id, back.other) = ("companies", "9", Write.Record(type: "contacts", id: "1"))
        #expect(
            try Links.verdict(
                Links.write(.link, as: Links.adviser, before: [Links.plain]), back, present: [Links.buyer])
                == .init(removal: .kinds([Links.buyer]), kinds: [Links.plain]))
    }

    @Test func `know the primary company before the first write, whichever the pair`() {
        let owner = #""of":{"type":"contacts","id":"1"}"#
        let plan = Links.plan(
            Links.write(.link, to: "8", as: Links.primary, before: [], primary: "{\(owner),\"company\":7}"),
            Links.write(.unlink, to: "7", before: [Links.plain], primary: "{\(owner),\"company\":8}"),
            Links.write(.link, "2", before: [], primary: #"{"of":{"type":"contacts","id":"2"}}"#))
        let company = { (id: String) in Write.Record(type: "companies", id: id) }
        #expect(
            plan.marks == [
                .init(
                    owner: .init(type: "contacts", id: "1"), given: [company("8")], before: company("7"),
                    writes: [1, 2]),
                .init(owner: .init(type: "contacts", id: "2"), given: [company("9")], before: nil, writes: [3]),
            ])
        #expect(plan.pairs.map(\.knowsPrimary) == [true, true, true])
    }

    @Test func `leave the mark to the record that has it`() throws {
        let primary = #"{"of":{"type":"contacts","id":"1"},"company":7}"#
        let write = Links.write(.link, as: Links.primary, before: [Links.plain], primary: primary)
        #expect(try Links.verdict(write, present: [Links.plain, Links.primary]) == .nothing)
    }
}
