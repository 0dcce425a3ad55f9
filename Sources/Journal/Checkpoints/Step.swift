/// A write's place in an item of a checkpoint. By it the write is known again when the item runs another time.
public struct Step: Sendable, Equatable {
    /// The checkpoint's number.
    public var checkpoint: Int64
    /// The item's key.
    public var item: String
    /// Counted within the item, from 1.
    public var number: Int
    /// Of what is sent: two writes with the same one ask for the same.
    public var fingerprint: String

    public init(checkpoint: Int64, item: String, number: Int, fingerprint: String) {
        self.checkpoint = checkpoint
        self.item = item
        self.number = number
        self.fingerprint = fingerprint
    }
}

/// An item that is not run again.
struct FinishedItem: Sendable, Equatable {
    var checkpoint: Int64
    var key: String
    /// What its function returned, as JSON, where that is kept.
    var result: String?
    /// Whether writes were told of with it, whose places in it end.
    var hasWrites: Bool
    /// Whether loops with checkpoints of their own ran within it, which end with it.
    var hasLoops: Bool
}
