import HubSpot
import LuaRuntime
import Simulator
import Synchronization
import VirtualTime
import Quota

/// `--fast-clock`: limiter, sleeps, timeouts of tasks and the simulator share one clock, which jumps over every wait.
struct FastClock: Sendable {
    let time = VirtualTime()
    private let epoch = SystemClock().unixTime

    /// Reports whether the Lua thread runs, which holds the clock.
    func makeIdleSignal() -> IdleSignal {
        let hold = Mutex<VirtualTime.Hold?>(nil)
        return IdleSignal { [time] isIdle in
            // The one is made before the other ends.
            let next = isIdle ? nil : time.hold()
            hold.withLock { $0 = next }
        }
    }

    func configure(_ configuration: inout SessionConfiguration) {
        configuration.clock = FastSessionClock(time: time, epoch: epoch)
        configuration.executor = time
        // The same waits between tries each time.
        let dice = Mutex(SeededDice())
        configuration.jitter = { dice.withLock { Double.random(in: 0..<1, using: &$0) } }
    }

    func configure(_ options: inout LuaRuntime.Options) {
        options.clock = FastRuntimeClock(time: time)
        options.executor = time
    }

    func configure(_ options: inout SimulatorOptions) {
        options.clock = FastSimulatorClock(time: time, epoch: epoch)
    }
}

private struct FastSessionClock: SessionClock {
    let time: VirtualTime
    let epoch: Duration

    var now: Duration { time.now }
    var unixTime: Duration { epoch + time.now }

    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        Alarm(alarm: time.schedule(at: instant, action))
    }

    func departure() -> (any RequestOnItsWay)? { Flight(flight: time.flight()) }

    private struct Alarm: ScheduledAction {
        let alarm: VirtualTime.Alarm
        func cancel() { alarm.cancel() }
    }

    private struct Flight: RequestOnItsWay {
        let flight: VirtualTime.Flight
        var header: (name: String, value: String) { (SimulatorFlight.headerName, String(flight.number)) }
        func giveUp() { flight.giveUp() }
        func end() { flight.end() }
    }
}

private struct FastRuntimeClock: RuntimeClock {
    let time: VirtualTime

    var nanoseconds: UInt64 { Self.nanoseconds(time.now) }

    func schedule(at nanoseconds: UInt64, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let alarm = time.schedule(at: .nanoseconds(Int64(clamping: nanoseconds)), rank: .script, action)
        return { alarm.cancel() }
    }

    /// Rounded down: a timer of the clock's never comes before the one of the script that it stands for.
    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        let (whole, isBeyond) = UInt64(max(0, seconds)).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isFurther) = whole.addingReportingOverflow(UInt64(max(0, attoseconds / 1_000_000_000)))
        return isBeyond || isFurther ? .max : sum
    }
}

private struct FastSimulatorClock: SimulatorClock {
    let time: VirtualTime
    let epoch: Duration

    func now() -> Int64 {
        let (seconds, attoseconds) = (epoch + time.now).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    func sleep(for duration: Duration) async throws { try await time.sleep(until: time.now + duration) }

    func advance(by duration: Duration) { time.advance(by: duration) }

    func serving<Value: Sendable>(
        _ number: UInt64?, _ body: () async throws -> Value
    ) async rethrows -> Value { try await time.serving(number, body) }

    func abandoned(_ body: () async -> Void) async { await time.abandoned(body) }
}

/// SplitMix64.
private struct SeededDice: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
