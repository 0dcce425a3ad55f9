import CLuaBridge
import Synchronization

/// Makes a Lua thread that is busy in a script look at its mailbox. Callable from any thread, also after the state was closed.
final class StateSignal: Sendable {
    // The state's address; the lock keeps it open while a signal is on its way.
    private let state = Mutex<UInt>(0)

    func connect(_ pointer: OpaquePointer) { state.withLock { $0 = UInt(bitPattern: pointer) } }
    func invalidate() { state.withLock { $0 = 0 } }

    func send() {
        state.withLock { address in
            if let pointer = OpaquePointer(bitPattern: address) { ms_signal(pointer) }
        }
    }
}
