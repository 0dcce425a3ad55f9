import Foundation

/// A process's words about itself to the others that share its store: people see the users of the quota.
package struct ProcessPresence: Sendable, Codable, Equatable {
    /// The program, as people know it: its name, and what it runs.
    package var program: String
    package var pid: Int32
    /// The machine, where others share too.
    package var host: String?
    /// Requests that wait for a place, and requests in flight.
    package var waiting: Int
    package var inFlight: Int
    /// Where it runs and since when, so that others on the machine see when it has ended.
    var process: ProcessIdentity?
    /// Its places by lane: until when, in nanoseconds from the moment of telling, and how many.
    var held: [String: [Held]] = [:]

    struct Held: Sendable, Codable, Equatable {
        var left: Int64
        var count: Int
    }

    package init(program: String, pid: Int32, host: String? = nil, waiting: Int, inFlight: Int) {
        self.program = program
        self.pid = pid
        self.host = host
        self.waiting = waiting
        self.inFlight = inFlight
    }

    /// Strings and numbers only: encoding them cannot fail.
    var json: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

    init?(json: some Sequence<UInt8>) {
        guard let presence = try? JSONDecoder().decode(ProcessPresence.self, from: Data(json)) else { return nil }
        self = presence
    }
}

/// A process that shares the store.
package struct SharingProcess: Sendable, Equatable {
    package var presence: ProcessPresence
    /// How long ago it told of itself.
    package var age: Duration

    /// How many places of the lane it holds by now: those in flight and those that were answered less than W ago.
    package func places(_ lane: Lane) -> Int {
        (presence.held[lane.description] ?? []).reduce(0) {
            $0 + (.nanoseconds($1.left) > age ? min(max(0, $1.count), 1 << 40) : 0)
        }
    }

    /// A process that said nothing for so long while it had something to say was killed, or is stopped.
    static let patience: Duration = .seconds(60)
}

/// A process's words about itself, and their moment: the moment in eight bytes, then the words as JSON.
struct TimedPresence {
    private let at: Duration
    private let json: [UInt8]

    init(_ presence: ProcessPresence, at now: Duration) {
        at = now
        json = presence.json
    }

    /// Nil for bytes that no limiter wrote.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 8 else { return nil }
        at = .nanoseconds(bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) })
        json = Array(bytes.dropFirst(8))
    }

    var bytes: [UInt8] {
        let moment = at.nanoseconds
        return (0..<8).map { UInt8(truncatingIfNeeded: moment >> (56 - 8 * $0)) } + json
    }

    /// Nil for a process that has ended, or has said nothing for too long.
    func member(at now: Duration) -> SharingProcess? {
        let age = now - at
        guard age < SharingProcess.patience, let presence = ProcessPresence(json: json),
            presence.process?.hasEnded != true
        else { return nil }
        return SharingProcess(presence: presence, age: age)
    }
}

extension QuotaState {
    /// Our own places, told second by second.
    func held(at now: Duration) -> [String: [ProcessPresence.Held]] {
        var all: [String: [ProcessPresence.Held]] = [:]
        for (lane, places) in ownPlaceEnds(at: now) {
            var seconds: [Int64: Int] = [:]
            for place in places {
                let left = (place.at - now).nanoseconds
                if left > 0 { seconds[(left + 999_999_999) / 1_000_000_000, default: 0] += place.count }
            }
            guard !seconds.isEmpty else { continue }
            all[lane.description] = seconds.sorted { $0.key < $1.key }.map {
                ProcessPresence.Held(left: $0.key * 1_000_000_000, count: $0.value)
            }
        }
        return all
    }
}
