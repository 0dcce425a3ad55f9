import TestSupport
import Testing

@testable import Quota

@Suite("The limiter's records") struct QuotaRecordCodingTests {
    private let coding = QuotaRecordCoding(.testing)

    private func lane(_ dice: inout SeededGenerator, _ now: Duration) -> LaneRecord {
        func places() -> [LaneRecord.Place] {
            (0..<Int.random(in: 0...200, using: &dice))
                .map { _ in
                    LaneRecord.Place(
                        at: now - .nanoseconds(Int64.random(in: 0...10_000_000_000, using: &dice)),
                        count: Int.random(in: 1...300, using: &dice))
                }
                .sorted { $0.at < $1.at }
        }
        return LaneRecord(
            taken: Int.random(in: 0...1_000_000, using: &dice), horizon: .seconds(10),
            closedUntil: Bool.random(using: &dice) ? now + .seconds(5) : nil,
            unanswered: (0..<Int.random(in: 0...20, using: &dice)).map { _ in
                .init(
                    id: UInt64.random(in: 0...UInt64.max, using: &dice),
                    deadline: now + .nanoseconds(Int64.random(in: -50...50_000_000_000, using: &dice)))
            },
            answered: places(), foreign: places())
    }

    @Test(arguments: 1...20)
    func `come back from bytes as they were`(seed: Int) throws {
        var dice = SeededGenerator(seed)
        let now: Duration = .nanoseconds(Int64.random(in: 0...2_000_000_000_000_000, using: &dice))
        let client = ClientRecord(
            lanes: [lane(&dice, now), lane(&dice, now), lane(&dice, now)],
            learnt: seed.isMultiple(of: 2) ? .limited(count: 190, per: .seconds(10)) : nil,
            claims: [
                PriorityClaim(
                    owner: UInt64.random(in: 0...UInt64.max, using: &dice), lanes: [.burst, .search],
                    until: now + .seconds(1))
            ],
            consoles: [OpenConsole(owner: UInt64.random(in: 0...UInt64.max, using: &dice), until: now + .seconds(9))])
        let account = AccountRecord(
            lanes: [lane(&dice, now)],
            day: DayRecord(
                limit: 625_000, remaining: seed.isMultiple(of: 3) ? nil : -5, counted: seed, taken: 7,
                resetsAt: now + .seconds(9), closedUntil: nil))
        #expect(
            try coding.client(coding.encode(client, at: now), at: now) == client)
        #expect(
            try coding.account(
                coding.encode(account, at: now), at: now + .seconds(1))
                == account)
    }

    @Test func `of which nothing was counted are read as such`() throws {
        let client = try #require(try coding.client(coding.encode(ClientRecord(), at: .zero), at: .zero))
        #expect(client == ClientRecord(lanes: [LaneRecord(), LaneRecord(), LaneRecord()]))
        let account = try #require(try coding.account(coding.encode(AccountRecord(), at: .zero), at: .zero))
        #expect(account == AccountRecord(lanes: [LaneRecord()]))
    }

    @Test func `of another boot, written later than now, are nothing`() throws {
        let bytes = coding.encode(ClientRecord(), at: .seconds(100))
        #expect(try coding.client(bytes, at: .seconds(99)) == nil)
    }

    @Test(arguments: 1...20)
    func `that are cut short or garbled are damage, not a crash`(seed: Int) throws {
        var dice = SeededGenerator(seed)
        let now: Duration = .seconds(1000)
        let whole = coding.encode(
            ClientRecord(lanes: [lane(&dice, now), LaneRecord(), LaneRecord()]), at: now)
        for length in 0..<whole.count {
            #expect(throws: RecordDamage.self) { try coding.client(whole[..<length], at: now) }
        }
        for _ in 0..<500 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            // Whatever comes out, reading ends, and nothing overflows that is done with it.
            guard let record = try? coding.client(bytes, at: now) else { continue }
            var state = QuotaState(
                try .testing(), client: record, account: AccountRecord(), sharing: .init(owner: 1))
            for priority in CallPriority.allCases {
                guard case .granted(let permit) = state.take(.testing([.burst, .day], priority), at: now, id: 1) else {
                    continue
                }
                _ = state.settle(permit, .answered(ObservedLimits(status: 200)), at: now)
            }
            _ = state.snapshot(at: now)
            _ = state.primaryFree(3, at: now)
            _ = coding.encode(state.clientRecord, at: now)
        }
    }
}
