import Testing

@testable import HubSpot

@Suite("The limiter's records") struct LimiterRecordCodingTests {
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
        let token = TokenRecord(
            burst: lane(&dice, now), associations: lane(&dice, now), forms: lane(&dice, now),
            learnt: seed.isMultiple(of: 2) ? .limited(count: 190, per: .seconds(10)) : nil,
            marks: [
                TypedMark(
                    owner: UInt64.random(in: 0...UInt64.max, using: &dice), lanes: [.burst, .search],
                    until: now + .seconds(1))
            ],
            consoles: [OpenConsole(owner: UInt64.random(in: 0...UInt64.max, using: &dice), until: now + .seconds(9))])
        let account = AccountRecord(
            search: lane(&dice, now),
            day: DayRecord(
                limit: 625_000, remaining: seed.isMultiple(of: 3) ? nil : -5, counted: seed, taken: 7,
                resetsAt: now + .seconds(9), closedUntil: nil))
        #expect(try LimiterRecordCoding.token(LimiterRecordCoding.encode(token, at: now), at: now) == token)
        #expect(
            try LimiterRecordCoding.account(LimiterRecordCoding.encode(account, at: now), at: now + .seconds(1))
                == account)
    }

    @Test func `of another boot, written later than now, are nothing`() throws {
        let bytes = LimiterRecordCoding.encode(TokenRecord(), at: .seconds(100))
        #expect(try LimiterRecordCoding.token(bytes, at: .seconds(99)) == nil)
    }

    @Test(arguments: 1...20)
    func `that are cut short or garbled are damage, not a crash`(seed: Int) throws {
        var dice = SeededGenerator(seed)
        let now: Duration = .seconds(1000)
        let whole = LimiterRecordCoding.encode(TokenRecord(burst: lane(&dice, now)), at: now)
        for length in 0..<whole.count {
            #expect(throws: RecordDamage.self) { try LimiterRecordCoding.token(whole[..<length], at: now) }
        }
        for _ in 0..<500 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            // Whatever comes out, reading ends, and nothing overflows that is done with it.
            guard let record = try? LimiterRecordCoding.token(bytes, at: now) else { continue }
            var state = LimiterState(
                quota: QuotaSpecification(), reserve: 0, token: record, account: AccountRecord(),
                sharing: .init(owner: 1))
            for priority in CallPriority.allCases {
                guard case .granted(let permit) = state.take(.testing([.burst, .day], priority), at: now, id: 1) else {
                    continue
                }
                _ = state.settle(permit, .answered(LimiterObservation(status: 200)), at: now)
            }
            _ = state.snapshot(at: now)
            _ = state.burstFree(3, at: now)
            _ = LimiterRecordCoding.encode(state.tokenRecord, at: now)
        }
    }
}
