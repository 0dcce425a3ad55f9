import LuaRuntime
import Testing
import Words

@testable import HubSpot
@testable import Moonspot
import Quota

@Suite("The status line") struct StatusTextTests {
    private func wait(_ waited: Duration, left: Duration? = nil, queued: Int = 1) -> CurrentWait {
        CurrentWait(
            reason: .full(.burst, limit: 190, window: .seconds(10), others: 0), waited: waited, left: left,
            queued: queued)
    }

    private func progress(_ done: Int, of total: Int?, after elapsed: Duration = .seconds(10)) -> StatusText.Progress {
        StatusText.Progress(name: "task.each", done: done, total: total, elapsed: elapsed, quotaTime: nil)
    }

    @Test func `counts down what is waited for, and says why`() {
        #expect(
            StatusText.line(nil, wait(.seconds(2), left: .milliseconds(6_200), queued: 3), columns: 80)
                == "waiting 7 s: burst window full (190 in 10 s), 3 calls queued")
        #expect(
            StatusText.line(nil, wait(.seconds(2)), columns: 80)
                == "waiting since 2 s: burst window full (190 in 10 s), 1 call queued")
    }

    @Test func `says nothing in the first second`() {
        #expect(StatusText.line(nil, wait(.milliseconds(900), left: .seconds(9)), columns: 80) == nil)
        #expect(StatusText.line(nil, nil, columns: 80) == nil)
        #expect(StatusText.line(progress(50, of: 100, after: .milliseconds(900)), nil, columns: 80) == nil)
        #expect(StatusText.line(progress(3, of: 20), nil, columns: 80) == nil)
    }

    @Test func `tells how far a map is, and how long it still takes`() {
        #expect(
            StatusText.line(progress(1_200, of: 5_000), nil, columns: 80)
                == "task.each: 1,200 of 5,000 · 24 % · 32 s left · 120/s")
        var limited = progress(1_200, of: 5_000)
        limited.quotaTime = .seconds(300)
        #expect(
            StatusText.line(limited, wait(.seconds(3)), columns: 100)
                == "task.each: 1,200 of 5,000 · 24 % · 5 min 0 s left · 120/s · burst window full (190 in 10 s)")
        #expect(
            StatusText.line(limited, wait(.seconds(3)), columns: 80)
                == "task.each: 1,200 of 5,000 · 5 min 0 s left · burst window full (190 in 10 s)")
        #expect(StatusText.line(progress(321, of: nil), nil, columns: 80) == "task.each: 321 done · 32/s")
        #expect(StatusText.line(progress(0, of: 500), nil, columns: 80) == "task.each: 0 of 500 · 0 % · 0.0/s")
    }

    @Test(arguments: [20, 30, 40, 60])
    func `stays shorter than the terminal's line`(columns: Int) throws {
        for text in [
            StatusText.line(progress(1_200, of: 5_000), wait(.seconds(3)), columns: columns),
            StatusText.line(nil, wait(.seconds(3), left: .seconds(7)), columns: columns),
        ] {
            #expect(DisplayWidth.of(try #require(text)) < columns)
        }
    }
}

@Suite("The quota on the terminal") struct LimitsTextTests {
    private func state(burst used: Double) -> LimitsState {
        func window(_ limit: Double, _ used: Double) -> LimitsState.Window {
            LimitsState.Window(
                limit: limit, used: used, remaining: limit - used, window: .seconds(10), resetsIn: .seconds(7))
        }
        return LimitsState(
            burst: window(100, used), search: window(5, 0), associations: window(100, 0), forms: window(.infinity, 0),
            daily: LimitsState.Day(limit: 250_000, used: 1_000, remaining: 249_000, resetsAt: nil),
            queue: LimitsState.Queue(waiting: 0, inFlight: 0), totals: LimitsState.Totals(), source: .headers,
            store: .file)
    }

    @Test(arguments: [(0.0, 0), (1.0, 1), (50.0, 12), (99.0, 23), (100.0, 24)])
    func `draws a bar for each window`(used: Double, filled: Int) throws {
        let text = LimitsText.text(state(burst: used), columns: 100, style: .plain)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("burst") })
        #expect(line.count { $0 == "█" } == filled)
        #expect(line.count { $0 == "█" || $0 == "░" } == 24)
        #expect(text.split(separator: "\n").first { $0.hasPrefix("forms") }?.contains("░") == false)
    }

    @Test(arguments: [40, 60, 80])
    func `keeps its columns within the terminal`(columns: Int) {
        let text = LimitsText.text(state(burst: 42), columns: columns, style: .plain)
        let table = text.split(separator: "\n").prefix(6)
        #expect(table.allSatisfy { DisplayWidth.of(String($0)) <= columns }, "\(text)")
        #expect(table.contains { $0.split(separator: " ").prefix(2) == ["burst", "42"] })
    }
}

@Suite("A lane that is closed") struct ClosedLaneTextTests {
    @Test(arguments: [nil, 40, 80]) func `says so, and until when`(columns: Int?) {
        func window(closed: Bool) -> LimitsState.Window {
            LimitsState.Window(
                limit: 50, used: 1, remaining: closed ? 0 : 49, window: .seconds(10), resetsIn: .seconds(7),
                closedFor: closed ? .seconds(58) : nil, opensAt: closed ? "2026-11-28T21:40:05Z" : nil)
        }
        let state = LimitsState(
            burst: window(closed: false), search: window(closed: false), associations: window(closed: false),
            forms: window(closed: true), daily: LimitsState.Day(limit: nil, used: 0, remaining: nil, resetsAt: nil),
            queue: LimitsState.Queue(waiting: 0, inFlight: 0), totals: LimitsState.Totals(), source: .headers,
            store: .file)
        let text = LimitsText.text(state, columns: columns, style: .plain)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("the forms lane is closed until 2026-11-28T21:40:05Z, for 58s"), "\(text)")
        #expect(words.ranges(of: "is closed until").count == 1)
        if let columns {
            #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= columns }, "\(text)")
        }
    }
}

@Suite("What explain and plan print") struct ExplanationTextTests {
    @Test func `says that there were no calls yet`() {
        #expect(CallNotesText(style: .plain, columns: 80).text(LuaTable()) == "no calls yet")
    }

    private func note(_ call: String, waited: Double, batch: (Int64, Int64, Int64)? = nil, why: String = "") -> LuaValue
    {
        .object([
            ("call", .string(call)), ("waited", .number(waited)), ("why", .string(why)),
            ("batch", batch.map { .integer($0.0) } ?? .none), ("position", batch.map { .integer($0.1) } ?? .none),
            ("size", batch.map { .integer($0.2) } ?? .none),
        ])
    }

    @Test func `puts calls into one line that fared alike`() {
        let full = "burst window full (190 in 10 s)"
        let list = [
            note("hubspot.contacts.get", waited: 0),
            note("hubspot.contacts.update", waited: 1.25, batch: (7, 1, 100), why: full),
            note("hubspot.contacts.update", waited: 1.5, batch: (7, 2, 100), why: full),
            note("hubspot.contacts.update", waited: 0.02, batch: (8, 1, 1), why: full),
        ]
        let text = CallNotesText(style: .plain, columns: 80).text(LuaTable(list: list))
        #expect(
            text == """
                   waited  call                batch          why
                           contacts.get
                1.3–1.5 s  contacts.update ×2  7: 1–2 of 100  burst window full (190 in 10 s)
                    20 ms  contacts.update     8: 1 of 1      burst window full (190 in 10 s)
                """)
        let narrow = CallNotesText(style: .plain, columns: 40).text(LuaTable(list: list))
        #expect(narrow.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 40 })
    }

    @Test func `shows a plan's parts, its time and its part of the day`() {
        let plan = LuaValue.object([
            ("records", 5_000), ("requests", 100), ("seconds", .number(10.2)), ("lane", "burst"),
            (
                "day",
                .object([
                    ("requests", 100), ("limit", 250_000), ("remaining", 249_000), ("share", 0.0004), ("fits", true),
                ])
            ),
            (
                "by",
                .object([
                    ("contacts.read", .object([("records", 5_000), ("requests", 50)])),
                    ("contacts.upsert", .object([("records", 5_000), ("requests", 50)])),
                ])
            ),
        ])
        guard case .table(let table) = plan else { return }
        #expect(
            PlanText(style: .plain).text(table) == """
                                 records  requests
                contacts.read      5,000        50
                contacts.upsert    5,000        50
                5,000 records written in 100 requests, about 10s (burst window)
                0.04 % of the day's quota: 249,000 of 250,000 requests are left
                """)
    }
}
