/// Decides whether a request comes from this page itself. A browser that another site steers reaches the loopback too: by
/// a name that it has bound to 127.0.0.1, by a form that it posts, by a script's fetch.
struct RequestGuard: Sendable {
    /// `127.0.0.1:8080` and the other names of this very server.
    var hosts: Set<String>

    /// What a request asks for.
    enum Purpose: Sendable {
        /// The page, which a link may lead to.
        case page
        /// What belongs to the page.
        case part
        /// A change, or a look at the portal that a body asks for.
        case change
        /// A file, as the bytes that it is.
        case upload

        /// The type that its body must have: a form can be posted across sites without leave, but not as one of these.
        fileprivate var contentType: String? {
            switch self {
            case .page, .part: nil
            case .change: "application/json"
            case .upload: "application/octet-stream"
            }
        }

        /// In bytes.
        var longestBody: Int { if case .upload = self { 64 << 20 } else { Workbench.longestBody } }
    }

    struct Asked: Sendable {
        var host: String?
        var origin: String?
        var contentType: String?
        /// `Sec-Fetch-Site` and `Sec-Fetch-Mode`, which every browser of today sends.
        var site: String?
        var mode: String?
    }

    /// Why a request is refused; nil where it is the page's own.
    func refusal(of asked: Asked, for purpose: Purpose) -> WorkbenchProblem? {
        if let refusal = refusal(ofHost: asked.host) { return refusal }
        if let origin = asked.origin, !isOwn(origin) {
            return WorkbenchProblem(403, "the workbench answers its own page alone, not \(origin)")
        }
        if let site = asked.site, site != "same-origin", site != "none" {
            let isLink = purpose == .page && asked.mode == "navigate"
            if !isLink { return WorkbenchProblem(403, "the workbench answers its own page alone, not another site") }
        }
        if let wanted = purpose.contentType {
            let type = asked.contentType?.lowercased() ?? ""
            guard type == wanted || type.hasPrefix("\(wanted);") else {
                return WorkbenchProblem(415, "Content-Type: \(wanted) expected")
            }
        }
        return nil
    }

    /// - Parameter host: The header's value.
    func refusal(ofHost host: String?) -> WorkbenchProblem? {
        guard let host, hosts.contains(host.lowercased()) else {
            return WorkbenchProblem(403, "the workbench answers to \(hosts.sorted().joined(separator: ", ")) alone")
        }
        return nil
    }

    /// Whether an `Origin` is this server's own.
    func isOwn(_ origin: String) -> Bool {
        let scheme = "http://"
        return origin.hasPrefix(scheme) && hosts.contains(origin.dropFirst(scheme.count).lowercased())
    }
}
