import Wire

/// The network's settings, out of the usual variables. The library reads no environment by
/// itself: the opener of the session hands it in.
public struct NetworkSettings: Sendable, Equatable {
    /// An HTTP proxy, with its credentials where it wants some.
    public struct Proxy: Sendable, Equatable {
        /// Its name or address.
        public var host: String
        /// Its port.
        public var port: Int
        /// From the proxy's URL; sent to the proxy only.
        var user: String?
        var password: String?
    }

    /// For https only: plain http goes to this machine and takes no proxy.
    public var proxy: Proxy?
    /// From `NO_PROXY`: host names that go without, with all that end in them; `*` for all.
    public var hostsWithoutProxy: [String]
    /// `SSL_CERT_FILE`: the certificates that are trusted, in place of the system's.
    public var certificateFile: String?

    /// Without arguments: no proxy, and the system's certificates.
    public init(proxy: Proxy? = nil, hostsWithoutProxy: [String] = [], certificateFile: String? = nil) {
        self.proxy = proxy
        self.hostsWithoutProxy = hostsWithoutProxy
        self.certificateFile = certificateFile
    }

    /// Reads `HTTPS_PROXY`, `NO_PROXY` (either in lower case too, which wins as in curl) and `SSL_CERT_FILE`.
    public init(environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? {
            [name.lowercased(), name].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        proxy = nil
        if let text = value("HTTPS_PROXY") { proxy = try Proxy(text) }
        hostsWithoutProxy = (value("NO_PROXY") ?? "").split(whereSeparator: { $0 == "," || $0.isWhitespace }).map {
            $0.lowercased()
        }
        certificateFile = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The proxy for that server; nil where the way is direct.
    package func proxy(for url: BaseURL) -> Proxy? {
        guard url.isSecure, !url.isLoopback, let proxy else { return nil }
        let isDirect = hostsWithoutProxy.contains { entry in
            if entry == "*" { return true }
            var name = entry[...]
            if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]) {
                guard port == url.port else { return false }
                name = name[..<colon]
            }
            if name.hasPrefix("*.") { name = name.dropFirst(2) }
            if name.hasPrefix(".") { name = name.dropFirst() }
            return !name.isEmpty && (url.host == name || url.host.hasSuffix("." + name))
        }
        return isDirect ? nil : proxy
    }
}

extension NetworkSettings.Proxy {
    /// Reads `http://proxy.example:3128`, `proxy.example:3128`, or one with `user:password@`.
    init(_ text: String) throws(ConfigurationError) {
        // The message leaves out a part that may be a password.
        let shown = text.lastIndex(of: "@").map { "…" + text[$0...] } ?? text
        func refuse(_ reason: String) -> ConfigurationError { ConfigurationError("HTTPS_PROXY '\(shown)' \(reason)") }
        var rest = text[...]
        if let separator = rest.firstRange(of: "://") {
            guard rest[..<separator.lowerBound].lowercased() == "http" else {
                throw refuse("is no HTTP proxy; write it like http://proxy.example:3128")
            }
            rest = rest[separator.upperBound...]
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        user = nil
        password = nil
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0]),
                let secret = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
            else { throw refuse("has a user or password that is not percent-encoded properly") }
            user = name
            password = secret
            rest = rest[rest.index(after: at)...]
        }
        let colon = rest.lastIndex(of: ":")
        var name = rest[..<(colon ?? rest.endIndex)]
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        guard !name.isEmpty, !name.contains(where: { "/?# ".contains($0) }) else { throw refuse("names no host") }
        host = String(name)
        if let colon {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else {
                throw refuse("has no valid port")
            }
            port = number
        } else {
            port = 80
        }
    }
}

extension NetworkSettings.Proxy: CustomStringConvertible {
    /// Without user and password.
    public var description: String { "http://\(host):\(port)" }
}
