/// How a simulator is set up.
public struct SimulatorOptions: Sendable {
    public var host = "127.0.0.1"
    /// 0 takes any free port.
    public var port = 0
    /// The bearer token that is accepted; nil makes one up at the start, in the shape `pat-na1-<uuid>`.
    public var token: String?
    /// More tokens of the same account, each with a burst window of its own.
    public var otherTokens: [String] = []
    public var quota: SimulatorQuota = .professional
    /// How many contacts to make up; nil is a handful.
    public var contacts: Int?
    /// The same seed makes the same contacts.
    public var seed: UInt64 = 1
    /// A SQLite file that keeps the portal; one that holds a portal already is served as it is. Nil: in memory.
    public var database: String?
    /// How long each answer takes, drawn evenly; half of it before the request counts, half after.
    public var latency: ClosedRange<Duration>?
    /// How long a write stays invisible to searches.
    public var searchLag: Duration = .zero
    /// How long after a form submission its contact appears.
    public var formDelay: Duration = .zero
    /// Searches answer with the day's rate-limit headers; without, they have none.
    public var searchHeaders = false
    /// A merge gives the survivor a new id, which the old ones lead to; without, the primary record's id stays.
    public var mergesRenumber = false
    public var faults = SimulatorFaults()
    /// The scopes of the token; nil grants all.
    public var scopes: [String]?
    /// How long an access token of the OAuth app lives; a second at least.
    public var oauthLife: Duration = .seconds(1800)
    /// Whether each refresh gives a new refresh token.
    public var oauthRotates = false
    /// Hears now and then how many of how many contacts have been made up, when that takes long.
    public var onProgress: (@Sendable (_ made: Int, _ of: Int) -> Void)?
    /// Time; nil is the machine's.
    public var clock: (any SimulatorClock)?

    public init() {}
}

/// Faults that strike by chance.
public struct SimulatorFaults: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// An HTML page with this status, before the request is carried out.
        case status(Int)
        /// The connection is closed before the request is carried out.
        case reset
        /// The request is carried out, and no answer ever comes.
        case timeout
    }

    public struct Rate: Sendable, Equatable {
        public var kind: Kind
        /// From 0 to 1.
        public var probability: Double

        public init(_ kind: Kind, probability: Double) {
            self.kind = kind
            self.probability = probability
        }
    }

    public var rates: [Rate]

    public init(_ rates: [Rate] = []) {
        self.rates = rates
    }
}

/// An option that cannot be understood; `message` is one sentence for the user.
public struct SimulatorOptionError: Error, Equatable, CustomStringConvertible {
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

extension SimulatorOptions {
    /// Reads `80ms` or `40ms..120ms`.
    public static func parseLatency(_ text: String) throws(SimulatorOptionError) -> ClosedRange<Duration> {
        guard let dots = text.firstRange(of: "..") else {
            let duration = try parseDuration(text)
            return duration...duration
        }
        let low = try parseDuration(String(text[..<dots.lowerBound]))
        let high = try parseDuration(String(text[dots.upperBound...]))
        guard low <= high else {
            throw SimulatorOptionError("latency '\(text)': the first duration is above the second")
        }
        return low...high
    }

    /// Reads a duration such as `80ms`, `2s`, `1.5s`, `5m` or `1h`; `0` needs no unit.
    public static func parseDuration(_ text: String) throws(SimulatorOptionError) -> Duration {
        if text.trimmed == "0" { return .zero }
        guard let duration = Duration(parsing: text.trimmed, unitAloneCounts: false) else {
            throw SimulatorOptionError("'\(text)' is no duration: one like 80ms, 2s or 5m expected")
        }
        return duration
    }

    /// Reads `502=1%,reset=0.5%,timeout=0.1%`: a status from 400 to 599, `reset` or `timeout`, and how often.
    public static func parseFaults(_ text: String) throws(SimulatorOptionError) -> SimulatorFaults {
        var rates: [SimulatorFaults.Rate] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard pieces.count == 2 else {
                throw SimulatorOptionError("faults '\(text)': parts like 502=1% or reset=0.5% expected")
            }
            let kind: SimulatorFaults.Kind
            switch pieces[0] {
            case "reset": kind = .reset
            case "timeout": kind = .timeout
            default:
                guard let status = Int(pieces[0]), 400...599 ~= status else {
                    throw SimulatorOptionError(
                        "faults '\(text)': '\(pieces[0])' is neither a status from 400 to 599 nor reset nor timeout")
                }
                kind = .status(status)
            }
            let isPercent = pieces[1].hasSuffix("%")
            guard let amount = Double(isPercent ? String(pieces[1].dropLast()) : pieces[1]),
                0...(isPercent ? 100 : 1) ~= amount
            else {
                throw SimulatorOptionError("faults '\(text)': '\(pieces[1])' is no share like 1% or 0.01")
            }
            rates.append(.init(kind, probability: isPercent ? amount / 100 : amount))
        }
        return SimulatorFaults(rates)
    }

    /// Reads scopes separated by commas or spaces: those that the simulator asks for, and HubSpot's scopes of
    /// sensitive data, which end in `.v2`.
    public static func parseScopes(_ text: String) throws(SimulatorOptionError) -> [String] {
        let scopes = text.split { $0 == "," || $0 == " " }.map(String.init)
        let known = AccountAPI.allScopes
        for scope in scopes where !known.contains(scope) {
            let parts = scope.split(separator: ".", omittingEmptySubsequences: false)
            let isSensitive =
                parts.count >= 4 && parts[0] == "crm" && parts.last == "v2"
                && parts.contains { $0.hasSuffix("sensitive") }
            guard isSensitive else {
                throw SimulatorOptionError(
                    "scopes '\(text)': '\(scope)' is no scope that the simulator knows; it knows "
                        + known.sorted().joined(separator: ", "))
            }
        }
        return scopes
    }

    /// Takes a token as it stands, where a bearer token can be so.
    public static func parseToken(_ text: String) throws(SimulatorOptionError) -> String {
        guard !text.isEmpty else {
            throw SimulatorOptionError("the token is empty: write one, or leave the option out for one made up")
        }
        guard text.unicodeScalars.allSatisfy({ "!"..."~" ~= $0 }) else {
            throw SimulatorOptionError("the token holds a blank or a character that a header cannot carry")
        }
        return text
    }
}

extension Duration {
    /// Reads a number and a unit (`us`, `ms`, `s`, `m`, `h`); where `unitAloneCounts`, `s` is one second.
    init?(parsing text: String, unitAloneCounts: Bool) {
        let digits = text.prefix { $0.isNumber && $0.isASCII || $0 == "." }
        let amount: Double? = digits.isEmpty && unitAloneCounts ? 1 : Double(digits)
        guard let amount, amount.isFinite, amount < 1e12 else { return nil }
        switch text[digits.endIndex...] {
        case "us": self = .nanoseconds(Int64(amount * 1e3))
        case "ms": self = .nanoseconds(Int64(min(amount, 1e12) * 1e6))
        case "s": self = .microseconds(Int64(amount * 1e6))
        case "m", "min": self = .microseconds(Int64(min(amount, 1e10) * 60e6))
        case "h": self = .microseconds(Int64(min(amount, 1e8) * 3600e6))
        default: return nil
        }
    }
}

extension StringProtocol {
    /// Without the spaces and tabs around it.
    var trimmed: String {
        var slice = self[...]
        while let first = slice.first, first.isWhitespace { slice.removeFirst() }
        while let last = slice.last, last.isWhitespace { slice.removeLast() }
        return String(slice)
    }
}
