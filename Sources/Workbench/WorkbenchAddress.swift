import Wire

/// Where a workbench is reached.
package struct WorkbenchAddress: Sendable, Equatable {
    /// `http://127.0.0.1:8080`.
    package var origin: String
    /// The path before the page's own: `/KEY`, `/forms`.
    package var base: String
    /// What stands before `/submissions/v3/…` for a website that is to show in the log: an origin, with a path or without.
    package var submissions: String
    /// The `Host`s that are its own.
    package var hosts: Set<String>

    /// - Parameter host: The host by which the server names itself.
    package init(host: String = "127.0.0.1", port: Int, base: String, submissionsBelowBase: Bool) {
        let host = host.contains(":") ? "[\(host)]" : host
        origin = "http://\(host):\(port)"
        self.base = base
        submissions = submissionsBelowBase ? origin + base : origin
        hosts = Set(["127.0.0.1", "localhost", "[::1]", host].map { "\($0.lowercased()):\(port)" })
    }

    /// Whether an `Origin` is this page's own.
    package func isOwn(_ origin: String?) -> Bool { origin.map { RequestGuard(hosts: hosts).isOwn($0) } ?? false }

    /// The parts of a path below the base; nil where it lies elsewhere.
    package func segments(of path: String) -> [String]? {
        guard path == base || path.hasPrefix(base + "/") else { return nil }
        return path.dropFirst(base.count).split(separator: "/").map {
            PercentEncoding.decodeLeniently($0, plusIsSpace: false)
        }
    }
}
