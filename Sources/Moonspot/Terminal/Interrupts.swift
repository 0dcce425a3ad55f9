import CEdit
import Glibc
import Synchronization

/// Ctrl-C (and SIGTERM where asked for), handed to the handler of the moment.
final class Interrupts: Sendable {
    enum Signal: Sendable { case interrupt, terminate }

    private let handler = Mutex<(@Sendable (Signal) -> Void)?>(nil)
    private let received = Mutex(0)

    /// How many signals have come. A loop that sets handlers in turn sees by it those that came between two of them.
    var count: Int { received.withLock { $0 } }

    /// Takes over the signals for the life of the process.
    ///
    /// - Parameter alsoTerminate: SIGTERM too: for a program that has something to put back, such as the terminal.
    init(alsoTerminate: Bool = false) {
        let descriptor = ce_catch_interrupts(alsoTerminate)
        guard descriptor >= 0 else { return }
        let thread = InterruptThread(descriptor: descriptor) { [self] signal in
            received.withLock { $0 += 1 }
            guard let handler = handler.withLock({ $0 }) else { exit(signal == .interrupt ? 130 : 143) }
            handler(signal)
        }
        thread.start()
    }

    /// The handler of the next signals.
    var current: (@Sendable (Signal) -> Void)? { handler.withLock { $0 } }

    /// Sets the handler of the next signals; it runs on a thread of its own. Without a handler the process ends with
    /// 130.
    ///
    /// - Returns: The handler before.
    @discardableResult
    func onSignal(_ body: (@Sendable (Signal) -> Void)?) -> (@Sendable (Signal) -> Void)? {
        handler.withLock { handler in
            defer { handler = body }
            return handler
        }
    }

    /// Sets what the next Ctrl-C does. SIGTERM ends the process; the terminal is put back on the way.
    ///
    /// - Returns: The handler before.
    @discardableResult
    func onInterrupt(_ body: @escaping @Sendable () -> Void) -> (@Sendable (Signal) -> Void)? {
        onSignal { signal in
            if signal == .terminate { exit(143) }
            body()
        }
    }

    /// While something runs, a second Ctrl-C ends the process at once. Each call begins anew with the first.
    static func setRunning(_ isRunning: Bool) { ce_set_mode(isRunning ? CE_RUNNING : CE_IDLE) }
}

/// A thread that waits for the handler's reports. A signal handler may do no more than write a byte; stopping a Lua
/// state takes locks.
private final class InterruptThread: Sendable {
    let descriptor: Int32
    let report: @Sendable (Interrupts.Signal) -> Void

    init(descriptor: Int32, report: @escaping @Sendable (Interrupts.Signal) -> Void) {
        self.descriptor = descriptor
        self.report = report
    }

    func start() {
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<InterruptThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        if failure == 0 { pthread_detach(thread) }
    }

    private func run() {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1 else { return }
            report(byte == UInt8(ascii: "T") ? .terminate : .interrupt)
        }
    }
}
