import Synchronization
import Waiting

/// A request's way between two parties that share the clock: it holds the clock while it is on the wire or worked on,
/// and lets go of it where it waits inside the server for one of the clock's own timers.
extension VirtualTime {
    /// A request that its sender waits for.
    public struct Flight: Sendable {
        private let time: VirtualTime
        /// Tells the server which one it is: to be sent along.
        public let number: UInt64

        fileprivate init(_ time: VirtualTime) {
            self.time = time
            number = time.change { state in
                let number = state.nextNumber()
                state.flights[number] = Journey()
                state.holds += 1
                return number
            }
        }

        /// To be called once: the answer has come, or its caller has given up.
        public func end() {
            time.change { state in
                if state.flights.removeValue(forKey: number)?.holds == true { state.holds -= 1 }
            }
        }

        /// To be called before its sender is told to go on without an answer: it holds the clock until ``end()``.
        public func giveUp() { time.change { state in state.change(number) { $0.isGivenUp = true } } }
    }

    /// Begins a request, before it is sent.
    public func flight() -> Flight { Flight(self) }

    /// The request that the current task serves, and its place among those that wait for the same instant.
    @TaskLocal private static var visit: (number: UInt64, order: UInt64)?

    /// Carries out a request that has arrived. It waits for its turn: requests under way at one instant are carried out
    /// one after another, in the order of their numbers. Called again for the work after the first part of the answer.
    ///
    /// - Parameter number: That of its ``Flight``; nil for a request from elsewhere, which does not wait.
    public func serving<Value>(_ number: UInt64?, _ body: () async throws -> Value) async rethrows -> Value {
        let visit = change { state in
            let visit = state.nextNumber()
            state.visits[visit] = Visitor(flight: number)
            state.holds += 1
            if let number { state.change(number) { $0.servers += 1 } }
            return visit
        }
        defer { change { $0.leave(visit) } }
        if let number { try? await wait(until: now, rank: .arrival, order: number, visit: visit) }
        return try await Self.$visit.withValue((visit, number ?? visit)) { try await body() }
    }

    /// Returns at `instant`, or throws `CancellationError` as soon as the current task is cancelled. Inside
    /// ``serving(_:_:)`` the request does not hold the clock meanwhile.
    public func sleep(until instant: Duration) async throws {
        let visit = Self.visit
        try await wait(
            until: instant, rank: visit == nil ? .work : .visit, order: visit?.order, visit: visit?.number)
    }

    /// Runs `body`, which waits for the request's sender to go away: the clock goes on meanwhile.
    public func abandoned<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let visit = Self.visit else { return try await body() }
        change { $0.park(visit.number) }
        defer { change { $0.unpark(visit.number) } }
        return try await body()
    }

    private func wait(until instant: Duration, rank: Rank, order: UInt64?, visit: UInt64?) async throws {
        try Task.checkCancellation()
        // True: the moment has come.
        let end = OneShot<Bool>()
        let timer = addTimer(at: instant, rank: rank, order: order, visit: visit) { end.finish(true) }
        let isOver = await end.wait(orWhenCancelled: { [self] in
            // The visit is held again before its waiter goes on.
            cancelTimer(timer)
            return false
        })
        guard isOver else { throw CancellationError() }
    }
}

extension VirtualTime.State {
    fileprivate mutating func leave(_ number: UInt64) {
        unpark(number)
        guard let visit = visits.removeValue(forKey: number) else { return }
        holds -= 1
        // On its way back, to a caller that still waits for it.
        if let flight = visit.flight { change(flight) { $0.servers = max(0, $0.servers - 1) } }
    }

    /// Changes the record of a flight, where a caller waits for it.
    fileprivate mutating func change(_ flight: UInt64, _ body: (inout VirtualTime.Journey) -> Void) {
        guard var journey = flights[flight] else { return }
        let held = journey.holds
        body(&journey)
        flights[flight] = journey
        holds += (journey.holds ? 1 : 0) - (held ? 1 : 0)
    }
}
