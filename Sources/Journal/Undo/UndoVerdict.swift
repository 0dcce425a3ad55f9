extension UndoPlan {
    /// A property of a record that the run has changed.
    public struct Change: Sendable, Equatable {
        /// A write's trace in the property's history.
        public struct Mark: Sendable, Equatable {
            /// As HubSpot answered it, else as it was sent.
            public var value: String
            /// When it was sent, by this machine's clock, in milliseconds since 1970.
            public var at: Int64
            /// When it was answered, by the server's.
            public var answered: Int64?
        }

        public var name: String
        /// The value before the run's first write; nil where it was not read: then the property's history tells it.
        public var before: String?
        public var first: Mark
        /// The value that the run left.
        public var last: String
    }

    /// A value that a property has had.
    public struct Version: Sendable, Equatable {
        public var value: String
        /// In milliseconds since 1970, by the server's clock.
        public var at: Int64

        public init(value: String, at: Int64) {
            self.value = value
            self.at = at
        }
    }

    /// A property as it is now.
    public struct Present: Sendable, Equatable {
        /// Empty for none.
        public var value: String
        /// Its versions, the latest first, where they were asked for.
        public var history: [Version]

        public init(value: String, history: [Version] = []) {
            self.value = value
            self.history = history
        }
    }

    public enum Verdict: Sendable, Equatable {
        /// It is as the run left it, and gets this value back.
        case restore(String)
        /// It has its old value: nothing was done, or it was taken back.
        case asBefore
        /// It was changed since, by another.
        case changed(now: String, before: String)
    }
}

extension UndoPlan.Change {
    /// What to do with the property.
    public func verdict(_ present: UndoPlan.Present) -> UndoPlan.Verdict {
        let old = before ?? valueBefore(in: present.history)
        if present.value == old { return .asBefore }
        return present.value == last ? .restore(old) : .changed(now: present.value, before: old)
    }

    /// How long before its answer a write may stand in the history, by the server's clock.
    private static let answerTime: Int64 = 30_000
    /// How far this machine's clock may be off, where no answer told the server's.
    private static let clockError: Int64 = 120_000

    /// The value that the history shows before the run's first write.
    private func valueBefore(in history: [UndoPlan.Version]) -> String {
        let own = history.firstIndex { version in
            guard version.value == first.value else { return false }
            if let answered = first.answered {
                return version.at <= answered && version.at >= answered - Self.answerTime
            }
            return version.at >= first.at - Self.clockError
        }
        // A write that changed nothing leaves no trace: then the value was that already.
        guard let own else { return first.value }
        return own + 1 < history.count ? history[own + 1].value : ""
    }
}
