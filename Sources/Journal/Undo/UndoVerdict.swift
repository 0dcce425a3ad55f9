extension UndoPlan {
    /// A property of a record that the run has changed.
    public struct Change: Sendable, Equatable {
        /// A write's trace in the property's history.
        public struct Mark: Sendable, Equatable {
            /// As HubSpot answered it, else as it was sent.
            public var value: String
            public var moment: Moment
            /// Whether it is known that it was carried out.
            public var isDone = true
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
        /// What set it, in HubSpot's words: `INTEGRATION` for a call of its API, `CRM_UI` for a person.
        public var source: String?

        public init(value: String, at: Int64, source: String? = nil) {
            self.value = value
            self.at = at
            self.source = source
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
        /// It was changed since, by another. The old value is nil where nothing tells it.
        case changed(now: String, before: String?)
        /// It is as the run left it, and its history does not tell for certain what it was before; nil: not at all.
        case unclear(perhaps: String?)
    }
}

extension UndoPlan.Change {
    /// What to do with the property.
    public func verdict(_ present: UndoPlan.Present) -> UndoPlan.Verdict {
        switch before.map({ .certain($0) }) ?? old(in: present) {
        case .certain(let old) where present.value == old: .asBefore
        case .certain(let old): present.value == last ? .restore(old) : .changed(now: present.value, before: old)
        case .perhaps(let old):
            present.value == last ? .unclear(perhaps: old) : .changed(now: present.value, before: old)
        }
    }

    private enum Old {
        case certain(String)
        case perhaps(String?)
    }

    /// HubSpot tells no more versions than so many.
    private static let mostVersions = 20

    /// The value that the history shows before the run's first write.
    ///
    /// A version that is older than the write's moment is none of the run's: the write then changed nothing, and left no
    /// trace. One that may be as old as the write is the run's, unless the clocks or its source speak against it.
    private func old(in present: UndoPlan.Present) -> Old {
        let versions = Array(present.history.reversed())
        // Without a version the property was never set; where HubSpot keeps none of it, it has a value nevertheless.
        let isWhole = versions.isEmpty ? present.value.isEmpty : versions.count < Self.mostVersions
        func value(before place: Int) -> String? { place > 0 ? versions[place - 1].value : isWhole ? "" : nil }

        let moment = first.moment
        let start = versions.firstIndex { $0.at >= moment.earliest } ?? versions.endIndex
        let standing = value(before: start)
        if standing == first.value {
            // The first write changed nothing, whatever came after it; unless another came before it at the last moment.
            guard start < versions.endIndex, versions[start].at < moment.likeliest else { return .certain(first.value) }
            return .perhaps(versions[start].value)
        }
        let own = versions[start...].firstIndex { $0.value == first.value && $0.at <= moment.latest }
        guard let own else { return !first.isDone ? standing.map { .certain($0) } ?? .perhaps(nil) : .perhaps(nil) }
        guard let old = value(before: own) else { return .perhaps(nil) }
        let isTheRuns = versions[own].at >= moment.likeliest && versions[own].mayBeAPrograms
        return isTheRuns || old == first.value ? .certain(old) : .perhaps(old)
    }
}

extension UndoPlan.Version {
    /// Sources that are no calls of HubSpot's API.
    private static let others: Set<String> = [
        "CRM_UI", "CRM_UI_BULK_ACTION", "CONTACTS_WEB", "FORM", "IMPORT", "AUTOMATION_PLATFORM", "WORKFLOWS",
        "MOBILE_IOS",
        "MOBILE_ANDROID", "MERGE_CONTACTS", "MERGE_OBJECTS",
    ]

    fileprivate var mayBeAPrograms: Bool { source.map { !Self.others.contains($0) } ?? true }
}
