/// What is known of an item's writes from the times before, and which of it the item has asked for again. Pure.
///
/// A write is known again by its fingerprint, in the order in which they were made. One that was not made before, while
/// others were that the item has not asked for again, is another one than before.
public struct ItemRecord: Sendable {
    /// A write of an earlier time, with the run that made it.
    public struct Earlier: Sendable, Equatable {
        public var run: Int64
        public var write: Write

        public init(run: Int64, write: Write) {
            self.run = run
            self.write = write
        }
    }

    public enum Verdict: Sendable, Equatable {
        /// It is sent, under this number.
        case new(Int)
        /// It was made before, and its fate is done or unknown.
        case known(Earlier)
        /// Something else was written before: this.
        case differs(Write)
    }

    /// By their numbers.
    private var earlier: [Earlier]
    private var last: Int

    /// - Parameter earlier: The item's writes in the order of their runs; of several under one number the last counts.
    public init(_ earlier: [Earlier] = []) {
        var byNumber: [Int: Earlier] = [:]
        for one in earlier { if let step = one.write.step { byNumber[step.number] = one } }
        self.earlier = byNumber.sorted { $0.key < $1.key }.map(\.value)
        last = byNumber.keys.max() ?? 0
    }

    /// The item makes a write.
    /// - Parameter isAlone: Whether nothing else of the item runs beside: else its writes may come in another order.
    public mutating func step(_ fingerprint: String, isAlone: Bool) -> Verdict {
        if let index = earlier.firstIndex(where: { $0.write.step?.fingerprint == fingerprint }) {
            let one = earlier.remove(at: index)
            return one.write.fate == .failed ? .new(one.write.step?.number ?? 0) : .known(one)
        }
        if isAlone, let other = earlier.first(where: { $0.write.fate != .failed }) { return .differs(other.write) }
        last += 1
        return .new(last)
    }
}
