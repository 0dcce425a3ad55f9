/// Where HubSpot is: scheme, host and port, and nothing else. A token goes over TLS, or to this very machine.
public struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether the scheme is `https`.
    public let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port, also where it is the scheme's own.
    public let port: Int

    /// `https://api.hubapi.com`.
    public static let api = BaseURL(isSecure: true, host: "api.hubapi.com", port: 443)
    /// `https://api.hsforms.com`, where forms are submitted.
    public static let forms = BaseURL(isSecure: true, host: "api.hsforms.com", port: 443)

    private init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// A host of HubSpot's own.
    init(secureHost host: String) { self.init(isSecure: true, host: host, port: 443) }

    /// Reads `https://api.hubapi.com` or `http://127.0.0.1:8080`.
    ///
    /// - Throws: ``ConfigurationError`` for anything but a scheme, a host and a port, and for plain http to another
    ///   machine.
    public init(_ text: some StringProtocol) throws(ConfigurationError) {
        let text = String(text)
        func refuse(_ reason: String) -> ConfigurationError {
            ConfigurationError("the base URL '\(BaseURL.withoutUser(text))' \(reason)")
        }
        guard let separator = text.firstRange(of: "://") else {
            throw refuse("has no scheme; write it like https://api.hubapi.com")
        }
        switch text[..<separator.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw refuse("is neither https nor http")
        }
        var authority = text[separator.upperBound...]
        if authority.hasSuffix("/") { authority.removeLast() }
        if authority.contains("@") { throw refuse("names a user; a token is not given in a URL") }
        if authority.contains(where: { "/?#\\".contains($0) }) {
            throw refuse("has a path; only scheme, host and port are used")
        }
        let name: Substring
        let digits: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw refuse("has an unfinished IPv6 address") }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw refuse("has no port after its IPv6 address") }
            guard !name.isEmpty, name.utf8.allSatisfy({ BaseURL.isIPv6($0) }) else {
                throw refuse("has no valid IPv6 address")
            }
            digits = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first, !first.isEmpty else { throw refuse("has no host") }
            guard first.utf8.allSatisfy({ BaseURL.isName($0) }) else { throw refuse("has a host with odd characters") }
            name = first
            digits = parts.count == 2 ? parts[1] : nil
        }
        host = name.lowercased()
        if let digits {
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { throw refuse("has no valid port; it is a number from 1 to 65535") }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
        guard isSecure || BaseURL.isLoopback(host) else {
            throw refuse(
                "is plain http, which would show the token to the network; use https (http only to 127.0.0.1, ::1 or localhost)"
            )
        }
    }

    /// True where requests stay on this machine.
    public var isLoopback: Bool { BaseURL.isLoopback(host) }

    /// Without a slash at its end; the port only where it is not the scheme's own.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let isUsual = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(name)\(isUsual ? "" : ":\(port)")"
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isIPv6(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// A message must not repeat a password in the URL.
    private static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        return start <= at ? text[..<start] + "…" + text[at...] : text
    }
}
