import Wire

/// How far the server's clock is ahead of this machine's, as far as a run's answers tell: by it, the moments of a property's
/// history are compared with the moments at which the run wrote.
struct ClockDifference: Sendable, Equatable {
    /// In milliseconds: it lies between these.
    var least: Int64
    var most: Int64

    /// How far the clocks are taken to be apart at most where no answer tells.
    private static let unknown: Int64 = 120_000
    /// A `Date` header tells whole seconds, and servers keep it for another one.
    private static let ofHeader: Int64 = 2_000

    init(least: Int64, most: Int64) { (self.least, self.most) = (least, most) }

    init(_ writes: [Write]) {
        (least, most) = (-Self.unknown, Self.unknown)
        for write in writes {
            // What an answer tells was so when it came. A record's last change is no later than that.
            if let received = write.received {
                let told = [
                    write.answered.flatMap { Timestamp.parse($0) }, write.served.map { $0 - Self.ofHeader / 2 },
                ]
                for moment in told.compactMap(\.self) { least = max(least, moment - received) }
            }
            // The request left no earlier than it was noted.
            if let served = write.served { most = min(most, served + Self.ofHeader - write.at) }
        }
        // One of the clocks was set in the meantime.
        if least > most { (least, most) = (-Self.unknown, Self.unknown) }
    }

    /// The clocks agree where nothing tells otherwise.
    private var likely: Int64 { min(max(0, least), most) }

    /// When the server carried out a write, by its clock.
    func moment(of write: Write) -> UndoPlan.Moment {
        UndoPlan.Moment(
            earliest: write.at + least, likeliest: write.at + likely,
            latest: (write.received ?? write.at + Self.unknown) + most)
    }
}

extension UndoPlan {
    /// When the server carried out a write, by its clock, in milliseconds since 1970.
    public struct Moment: Sendable, Equatable {
        public var earliest: Int64
        /// Where the clocks of both agree: not before.
        public var likeliest: Int64
        public var latest: Int64
    }
}
