import JSON
import Quota

extension ObservedLimits {
    /// The limits that an answer's headers, and a 429's body, tell.
    init(_ response: APIResponse, lanes: LaneSet) {
        self.init(status: response.status)
        for (name, value) in response.rawHeaders {
            // Cheap first: of some twenty headers, five to seven begin like this.
            guard name.utf8.count > Self.prefix.utf8.count, let first = name.utf8.first,
                first | 0x20 == UInt8(ascii: "x")
            else { continue }
            let name = name.lowercased()
            guard name.hasPrefix(Self.prefix), let number = Int(value), (0...Self.most).contains(number) else {
                continue
            }
            switch name.dropFirst(Self.prefix.count) {
            case "max": limit = number
            case "remaining": remaining = number
            case "interval-milliseconds" where number > 0 && number <= 86_400_000: window = .milliseconds(number)
            case "daily": dailyLimit = number
            case "daily-remaining": dailyRemaining = number
            default: break
            }
        }
        guard response.status == 429 else { return }
        let document = ErrorDocument(response)
        let refused = RateLimitRefusal(
            policyName: document.json?["policyName"]?.string, message: document.message, isBlock: document.isBlocked)
        let asked = RetryAfter.read(response.header("retry-after"))
        // The lane that the request falls under by itself; a request of several took the last for its own limit.
        let own = lanes.windows.last ?? .burst
        switch refused {
        case .day: refusal = Refusal(scope: .day, wait: .zero)
        case .second: refusal = Refusal(scope: .lane(own), wait: asked ?? .seconds(1))
        case .tenSeconds:
            refusal = Refusal(scope: .lane(lanes.contains(.burst) ? .burst : own), wait: asked ?? .seconds(10))
        case .block: refusal = Refusal(scope: .lane(own), wait: max(asked ?? .zero, .seconds(60)))
        case .unknown:
            let usual: Duration = own == .search ? .seconds(1) : .seconds(10)
            refusal = Refusal(scope: .lane(own), wait: asked ?? usual)
        }
    }

    /// No limit comes near it, and no sum of such numbers overflows.
    private static let most = 1_000_000_000_000
    private static let prefix = "x-hubspot-ratelimit-"
}
