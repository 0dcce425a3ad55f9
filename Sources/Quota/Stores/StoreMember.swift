import Synchronization

/// A sharer: one of each store value, made up at random.
final class StoreMember: Sendable {
    /// In the upper half of the permits' ids too, so that they are unique among all sharers.
    let id = UInt64(UInt32.random(in: 1...UInt32.max)) << 32
    private let count = Mutex<UInt32>(0)

    func nextPermit() -> UInt64 {
        id
            | UInt64(
                count.withLock { count in
                    count &+= 1
                    return count
                })
    }
}
