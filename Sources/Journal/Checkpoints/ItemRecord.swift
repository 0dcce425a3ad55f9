/// What is known of an item's writes from the times before, and which of it the item has asked for again. Pure.
///
/// A write is known again by its fingerprint. Its number is that of its call, so that one that was called and not sent (the
/// second of two to one record, an upsert that changed nothing) leaves a gap, which it finds again. Where the call of a
/// number has asked for something else before, the item is another one than then.
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

    /// By their numbers; those that were asked for again are taken out.
    private var earlier: [Earlier]
    /// Numbers of writes that are not to be forgotten.
    private var taken: Set<Int>
    /// Fingerprints that were asked for: what a script has tried several times may do at once now.
    private var asked: Set<String> = []
    private var calls = 0

    /// - Parameter earlier: The item's writes in the order of their runs; of several under one number the last counts.
    public init(_ earlier: [Earlier] = []) {
        var byNumber: [Int: Earlier] = [:]
        for one in earlier { if let step = one.write.step { byNumber[step.number] = one } }
        self.earlier = byNumber.sorted { $0.key < $1.key }.map(\.value)
        taken = Set(byNumber.filter { $0.value.write.fate != .failed }.keys)
    }

    /// The item makes a write.
    /// - Parameter isAlone: Whether nothing else of the item runs beside: else its writes may come in another order.
    public mutating func step(_ fingerprint: String, isAlone: Bool) -> Verdict {
        calls += 1
        asked.insert(fingerprint)
        if let index = earlier.firstIndex(where: { $0.write.step?.fingerprint == fingerprint }) {
            let one = earlier.remove(at: index)
            return one.write.fate == .failed ? .new(one.write.step?.number ?? calls) : .known(one)
        }
        let other = earlier.first { one in
            one.write.step?.number == calls && one.write.fate != .failed
                && !asked.contains(one.write.step?.fingerprint ?? "")
        }
        if isAlone, let other { return .differs(other.write) }
        let number = taken.contains(calls) ? (taken.max() ?? 0) + 1 : calls
        taken.insert(number)
        return .new(number)
    }
}
