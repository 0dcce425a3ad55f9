import NIOCore

/// By which names the simulator's own paths answer. A page can have its own name lead to this machine, and a browser then
/// takes the simulator for the page's server and lets the page read what it answers: records, submissions, the OAuth app.
enum OwnHost {
    /// - Parameters:
    ///   - host: Of the request, with a port or without; the port may be another one, behind a forwarded one. Nil for a program
    ///     that sends none, as no browser does.
    ///   - given: What the simulator listens on, as it was given to it.
    static func check(_ host: String?, servedAs given: String) throws(APIError) {
        guard let host, !isOwn(host, servedAs: given) else { return }
        throw APIError(
            403, "The simulator's own paths answer to 127.0.0.1, localhost and \(given), not to the name \(host)")
    }

    static func isOwn(_ host: String, servedAs given: String) -> Bool {
        let name = name(of: host)
        if name == "localhost" || name.hasSuffix(".localhost") || name == given.lowercased() { return true }
        // An address is no name that could be led elsewhere.
        if (try? SocketAddress(ipAddress: name, port: 0)) != nil { return true }
        // Served to other machines, as in a container, it has names that only a local network gives.
        return !isLoopback(given) && !name.isEmpty && !name.contains(".")
    }

    private static func name(of host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<end]).lowercased()
        }
        return String(host.prefix { $0 != ":" }).lowercased()
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
