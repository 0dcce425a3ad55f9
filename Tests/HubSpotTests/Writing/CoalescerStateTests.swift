import JSON
import Testing

@testable import HubSpot
import Quota

@Suite("What the coalescer decides") struct CoalescerStateTests {
    private var state = CoalescerState(concurrency: 2)
    private static let pool = BatchQueue.Pool(lanes: [.burst, .day], priority: .bulk)

    private mutating func join(_ ids: ClosedRange<Int>, turn: WriteTurn? = nil) -> [String] {
        ids.flatMap { id -> [String] in
            let operation = Operation(.update, .contacts, .id("\(id)"), PropertyBag([("city", "Rome")]))
            let call = CoalescerState.Call(
                kind: BatchKind(.contacts, .update(appends: false)), operation: operation, turn: turn, since: .zero)
            return names(
                state.join(state.nextCall(), call) { .init(size: 100, lanes: [.burst, .day]) { _ in [:] } })
        }
    }

    private func names(_ actions: [CoalescerState.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .start(let sender, _): "start \(sender)"
            case .stop(let sender): "stop \(sender)"
            case .wake(let sender): "wake \(sender)"
            case .answer(let id, _, .alone): "alone \(id)"
            case .answer(let id, _, .answered(.success)): "done \(id)"
            case .answer(let id, _, .answered(.failure(let error))): "\(error.kind.rawValue) \(id)"
            case .letGo: "let go"
            }
        }
    }

    private mutating func seal(_ sender: Int, at now: Duration = .zero) -> CoalescerState.Sealing {
        state.seal(Self.pool, sender, at: now, mayHold: true)
    }

    private mutating func sealed(_ sender: Int) throws -> CoalescerState.Batch {
        guard case .sealed(let batch, _) = seal(sender) else {
            throw HubSpotError(.badResponse, "nothing was sealed")
        }
        return batch
    }

    private let done: (Int) -> BatchVerdict = { _ in .answered(.success(JSONSlice("{}"))) }

    @Test mutating func `starts a sender for each batch, as many as may be in flight`() {
        #expect(join(1...100) == ["start 1"])
        #expect(join(101...101) == ["start 2"])
        #expect(join(102...301) == [])
    }

    @Test mutating func `answers the calls of a batch in their order`() throws {
        _ = join(1...3)
        let batch = try sealed(1)
        #expect(batch.operations.map(\.index) == [0, 1, 2])
        #expect(names(state.answer(batch, done)) == ["done 1", "done 2", "done 3"])
        #expect(state.waiting == 0)
    }

    @Test mutating func `has a sender for those that are left over`() throws {
        _ = join(1...100)
        guard case .sealed(_, let actions) = seal(1) else {
            Issue.record("nothing was sealed")
            return
        }
        #expect(names(actions).isEmpty)
        #expect(join(101...150) == ["start 2"])
        #expect(try sealed(2).calls.count == 50)
    }

    @Test mutating func `leaves a cancelled call out, and stops the sender of none`() throws {
        _ = join(1...2)
        #expect(names(state.cancel(1)) == ["cancelled 1"])
        #expect(names(state.cancel(1)).isEmpty)
        #expect(names(state.cancel(2)) == ["cancelled 2", "stop 1"])
        guard case .nothing = seal(1) else {
            Issue.record("something was sealed")
            return
        }
    }

    @Test mutating func `stops a batch once its last caller is cancelled, and holds their turns until it is answered`()
        async throws
    {
        let turn = try await WriteOrder().enter(WriteOrder.Key(.contacts, .id("1")))
        _ = join(1...2, turn: turn)
        let batch = try sealed(1)
        #expect(names(state.cancel(1)) == ["cancelled 1"])
        #expect(names(state.cancel(2)) == ["cancelled 2", "stop 1"])
        #expect(names(state.answer(batch, done)) == ["let go", "let go"])
    }

    @Test mutating func `wakes a sender that holds its permit when a batch is answered, and when one is full`() throws {
        state.learn(pressure: 1, of: Self.pool.lanes)
        _ = join(1...100)
        let first = try sealed(1)
        #expect(join(101...101) == ["start 2"])
        guard case .hold(let until) = seal(2) else {
            Issue.record("it was not held")
            return
        }
        #expect(until == BatchQueue.patience)
        #expect(names(state.answer(first, done)).last == "wake 2")
        #expect(names(state.wake(2)).isEmpty)
        let second = try sealed(2)
        #expect(join(102...102) == ["start 3"])
        guard case .hold = seal(3) else {
            Issue.record("it was not held")
            return
        }
        #expect(join(103...201) == ["wake 3"])
        #expect(names(state.answer(second, done)) == ["done 101"])
    }

    @Test mutating func `fails all that wait when it is closed, and all that come later`() throws {
        _ = join(1...100)
        _ = try sealed(1)
        _ = join(101...101)
        #expect(Set(names(state.close()).prefix(2)) == ["stop 1", "stop 2"])
        #expect(join(102...102) == ["cancelled 102"])
        #expect(state.waiting == 0)
    }
}
