import Testing

@testable import Journal

@Suite("An item that runs again") struct ItemRecordTests {
    private static func earlier(_ number: Int, _ fingerprint: String, _ fate: Write.Fate = .done, run: Int64 = 1)
        -> ItemRecord.Earlier
    {
        var write = Write.update(Int64(number), "1")
        write.fate = fate
        write.step = Step(checkpoint: 1, item: "a", number: number, fingerprint: fingerprint)
        return ItemRecord.Earlier(run: run, write: write)
    }

    @Test func `knows its writes by what they ask for, and numbers new ones behind them`() {
        let (first, second) = (Self.earlier(1, "x"), Self.earlier(2, "y", .unknown))
        var record = ItemRecord([first, second])
        #expect(record.step("x", isAlone: true) == .known(first))
        #expect(record.step("y", isAlone: true) == .known(second))
        #expect(record.step("x", isAlone: true) == .new(3))
        #expect(record.step("z", isAlone: true) == .new(4))
    }

    @Test func `makes a write that was refused once more, under its number`() {
        var record = ItemRecord([Self.earlier(1, "x"), Self.earlier(2, "y", .failed)])
        #expect(record.step("x", isAlone: true) == .known(Self.earlier(1, "x")))
        #expect(record.step("y", isAlone: true) == .new(2))
    }

    @Test func `may write something else in place of what was refused`() {
        var record = ItemRecord([Self.earlier(1, "x", .failed)])
        #expect(record.step("mended", isAlone: true) == .new(1))
    }

    @Test func `differs where it writes something else than what was done`() {
        let first = Self.earlier(1, "x", .unknown)
        var record = ItemRecord([first])
        #expect(record.step("other", isAlone: true) == .differs(first.write))
    }

    @Test func `makes what was called and not sent before, and keeps the numbers apart`() {
        let (second, third) = (Self.earlier(2, "y"), Self.earlier(3, "z"))
        var record = ItemRecord([second, third])
        #expect(record.step("x", isAlone: true) == .new(1))
        #expect(record.step("y", isAlone: true) == .known(second))
        var other = ItemRecord([second, third])
        #expect(other.step("z", isAlone: true) == .known(third))
        #expect(other.step("y", isAlone: true) == .known(second))
        #expect(other.step("new", isAlone: true) == .new(4))
    }

    @Test func `may come in another order while several tasks of it run`() {
        let first = Self.earlier(1, "x")
        var record = ItemRecord([first])
        #expect(record.step("other", isAlone: false) == .new(2))
        #expect(record.step("x", isAlone: false) == .known(first))
    }

    @Test func `counts what its last run tells of a write`() {
        let last = Self.earlier(1, "x", .done, run: 2)
        var record = ItemRecord([Self.earlier(1, "x", .unknown), last])
        #expect(record.step("x", isAlone: true) == .known(last))
    }
}
