import Glibc

/// Orders from other threads to a Lua thread, in sequence.
///
/// `@unchecked Sendable`: `mutex` guards `letters` and `idle`; both locks live at fixed addresses until `deinit`.
final class Mailbox: @unchecked Sendable {
    /// Runs on the Lua thread.
    typealias Letter = @Sendable (Scheduler) -> Void

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var letters: [Letter] = []
    /// The signal that was told that the thread waits, until a letter comes.
    private var idle: IdleSignal?

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrived, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrived)
        pthread_mutex_destroy(mutex)
        arrived.deallocate()
        mutex.deallocate()
    }

    func post(_ letter: @escaping Letter) {
        pthread_mutex_lock(mutex)
        letters.append(letter)
        endIdling()  // and not once the thread has woken up: till then others would take it for idle
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(arrived)  // behind the lock, which the thread would wait for
    }

    /// Takes the letters that are there, without waiting.
    func take() -> [Letter] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return takeLocked()
    }

    /// Waits until there is a letter, or until `deadline`, a time of the monotonic clock in nanoseconds. `idle` hears of it
    /// if there is none yet.
    func wait(until deadline: UInt64?, idle: IdleSignal? = nil) -> [Letter] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if letters.isEmpty {
            self.idle = idle
            idle?.becomeIdle()
        }
        defer { endIdling() }
        while letters.isEmpty {
            guard let deadline else {
                pthread_cond_wait(arrived, mutex)
                continue
            }
            var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
            if pthread_cond_timedwait(arrived, mutex, &time) == ETIMEDOUT { break }
        }
        return takeLocked()
    }

    private func endIdling() {
        idle?.becomeBusy()
        idle = nil
    }

    private func takeLocked() -> [Letter] {
        guard !letters.isEmpty else { return [] }
        defer { letters.removeAll(keepingCapacity: true) }
        return letters
    }
}

/// The monotonic clock, in nanoseconds.
func monotonicNow() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
