import HTTPTypes
import Wire
import Quota

/// What follows from a request's method, host and path alone: its lanes, whether it may be repeated, what permission it
/// needs. One table for our own calls and for those that a script spells out.
struct RequestRules: Sendable, Equatable {
    enum Repetition: Sendable {
        /// Changes nothing.
        case reading
        /// Sets a state: twice is the same as once, except where a value begins with `;` and so appends.
        case settingState
        /// Creates, merges, submits: never repeated unless it certainly was not carried out.
        case never
    }

    var lanes: LaneSet
    var repetition: Repetition
    var permission: Permission

    var isWrite: Bool { permission.right != .read }

    init(lanes: LaneSet, repetition: Repetition, permission: Permission) {
        self.lanes = lanes
        self.repetition = repetition
        self.permission = permission
    }

    /// - Throws: ``HubSpotError`` of kind `invalid_argument` for a path that is malformed, or that a server might read
    ///   as another one.
    init(_ request: APIRequest) throws(HubSpotError) {
        let parts = try RequestRules.segments(of: request.path)
        let method = request.method.rawValue
        let isPOST = method == "POST"
        let reads = RequestRules.isReadingMethod(method) || isPOST && RequestRules.readsByPOST(parts)
        let repetition: Repetition =
            if reads {
                .reading
            } else if ["PUT", "PATCH", "DELETE"].contains(method) || isPOST && RequestRules.setsStateByPOST(parts) {
                .settingState
            } else {
                .never
            }
        if request.host == .forms || parts.first == "submissions" {
            self.init(
                lanes: .forms, repetition: repetition,
                permission: Permission("forms", reads ? .read : parts.contains("submit") ? .submit : .write))
            return
        }
        self.init(
            lanes: RequestRules.lanes(parts, isPOST: isPOST), repetition: repetition,
            permission: Permission(RequestRules.area(parts), reads ? .read : .write))
    }

    static func isReadingMethod(_ method: String) -> Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }

    /// A POST to `…/search` or `…/batch/read` counts as reading.
    private static func readsByPOST(_ parts: [String]) -> Bool {
        switch parts.first {
        case "crm" where parts.count >= 2 && parts[1] == "objects":
            parts.count == 4 && parts[3] == "search" || parts.count == 5 && parts[3] == "batch" && parts[4] == "read"
        case "oauth": parts.last == "access-token-info"
        default: parts.count >= 3 && (parts.last == "search" || parts.suffix(2) == ["batch", "read"])
        }
    }

    private static func setsStateByPOST(_ parts: [String]) -> Bool {
        guard parts.first == "crm", parts.count >= 4 else { return false }
        switch parts[1] {
        case "objects":
            return parts.count == 4 && parts[3] == "gdpr-delete"
                || parts.count == 5 && parts[3] == "batch" && ["update", "upsert", "archive"].contains(parts[4])
        case "associations": return parts.count >= 6 && parts[4] == "batch"
        case "properties": return parts.suffix(2) == ["batch", "archive"]
        default: return false
        }
    }

    private static func lanes(_ parts: [String], isPOST: Bool) -> LaneSet {
        guard parts.first == "crm", parts.count >= 2 else { return [.burst, .day] }
        switch parts[1] {
        case "associations": return [.associations, .day]
        case "objects" where isPOST && parts.count == 4 && parts[3] == "search": return [.search, .day]
        // Whether HubSpot exempts a record's own associations from the burst window is not documented: both lanes, so
        // that neither answer gets a call refused.
        case "objects" where parts.count >= 5 && parts[4] == "associations": return [.burst, .associations, .day]
        default: return [.burst, .day]
        }
    }

    private static func area(_ parts: [String]) -> String {
        switch (parts.first, parts.dropFirst().first) {
        case ("crm", "objects"):
            if parts.count >= 5, parts[4] == "associations" { return "associations" }
            return parts.count >= 3 ? ObjectType.canonical(parts[2]) : "objects"
        case ("crm", let resource?): return resource.lowercased()
        case ("crm-object-schemas", _): return "schemas"
        case ("account-info", _): return "account"
        case ("oauth", _): return parts.last == "access-token-info" ? "account" : "oauth"
        case ("marketing", "forms"), ("form-integrations", _): return "forms"
        case (let first?, _): return first.lowercased()
        case (nil, _): return "root"
        }
    }

    // MARK: Reading a path

    /// The decoded segments without the version: `/crm/v3/objects/contacts` and `/crm/objects/2026-09/contacts` alike.
    static func segments(of path: String) throws(HubSpotError) -> [String] {
        func refuse(_ reason: String) -> HubSpotError { .invalidArgument("the path '\(path.prefix(200))' \(reason)") }
        guard path.utf8.first == UInt8(ascii: "/") else { throw refuse("does not begin with /") }
        for byte in path.utf8 {
            switch byte {
            case 0x21...0x7E where byte != UInt8(ascii: "#") && byte != UInt8(ascii: "\\"): continue
            case UInt8(ascii: "#"): throw refuse("holds a #; percent-encode it as %23")
            case UInt8(ascii: "\\"): throw refuse("holds a backslash; percent-encode it as %5C")
            default: throw refuse("holds a space, a control character or a letter beyond ASCII; percent-encode it")
            }
        }
        let withoutQuery = path.utf8.prefix { $0 != UInt8(ascii: "?") }
        var segments: [String] = []
        segments.reserveCapacity(8)
        for bytes in withoutQuery.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let part = Substring(bytes)
            guard bytes.contains(UInt8(ascii: "%")) else {
                // Of letters, digits and signs of ASCII, as was seen above.
                if bytes.isEmpty { throw refuse("has an empty part") }
                if part == "." || part == ".." { throw refuse("holds . or .. as a part") }
                segments.append(String(part))
                continue
            }
            guard let segment = PercentEncoding.decode(part) else { throw refuse("is not percent-encoded properly") }
            // A path that a server might take for another one is not sent: permissions are judged by this reading of it.
            if segment.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) {
                throw refuse("holds a control character or a backslash")
            }
            let inner = segment.split(separator: "/", omittingEmptySubsequences: false)
            if inner.contains(where: { $0 == "." || $0 == ".." }) { throw refuse("holds . or .. as a part") }
            if inner.contains("") { throw refuse("has an empty part") }
            segments.append(segment)
        }
        if let index = segments.indices.prefix(3).dropFirst().first(where: { isVersion(segments[$0]) }) {
            segments.remove(at: index)
        }
        return segments
    }

    /// `v1` to `v99`, `2026-09`, `2027-03-beta`.
    private static func isVersion(_ segment: String) -> Bool {
        guard segment.utf8.count <= 12 else { return false }
        let bytes = Array(segment.utf8)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        if bytes.first == UInt8(ascii: "v") {
            return (2...3).contains(bytes.count) && bytes.dropFirst().allSatisfy(isDigit)
        }
        guard bytes.count == 7 || segment.hasSuffix("-beta") && bytes.count == 12 else { return false }
        return bytes.prefix(4).allSatisfy(isDigit) && bytes[4] == UInt8(ascii: "-") && bytes[5...6].allSatisfy(isDigit)
    }
}

extension APIRequest {
    /// True where a value in the body begins with `;`: it appends to what is there, so that twice is not once.
    var appends: Bool {
        guard let body else { return false }
        // A string's own quotes are escaped, so `:` and `"` in a row always open a member's value.
        var opens = false
        var index = 0
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: ":"): opens = true
            case 0x20, 0x09, 0x0A, 0x0D: break
            case UInt8(ascii: "\""):
                if opens {
                    let rest = body[(index + 1)...]
                    if rest.first == UInt8(ascii: ";") { return true }
                    if rest.starts(with: #"\u003b"#.utf8) || rest.starts(with: #"\u003B"#.utf8) { return true }
                }
                opens = false
            default: opens = false
            }
            index += 1
        }
        return false
    }
}

extension APIRequest.Host {
    /// The host that serves a path: form submissions have their own.
    package init(path: String) {
        self = path.hasPrefix("/submissions/") ? .forms : .api
    }
}
