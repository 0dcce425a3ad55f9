import GRDB

/// One call of the API: how it is found, its needs, and its handler.
struct Route: Sendable {
    enum Access: Sendable {
        /// A bearer token that holds one of the scopes; none named: any token.
        case token(@Sendable (Call) throws(APIError) -> [String])
        /// Anyone.
        case open
    }

    enum Work: Sendable {
        /// Answers without the database.
        case plain(@Sendable (Call) throws -> SimulatorResponse)
        case read(@Sendable (Call, Database) throws -> SimulatorResponse)
        /// In a transaction, which an error rolls back.
        case write(@Sendable (Call, Database) throws -> SimulatorResponse)
        /// As `write`; the object types or properties may have changed.
        case schema(@Sendable (Call, Database) throws -> SimulatorResponse)
    }

    /// The media type of a body; a call without one is let through.
    enum BodyKind: Sendable {
        case json
        /// `application/x-www-form-urlencoded`.
        case form
        /// `multipart/form-data`.
        case multipart

        var contentType: String {
            switch self {
            case .json: "application/json"
            case .form: "application/x-www-form-urlencoded"
            case .multipart: "multipart/form-data"
            }
        }
    }

    var method: String
    /// Canonical, without the version: `crm/objects/{type}/{id}`. A last `{path...}` stands for one part or more.
    var pattern: String
    var lane: QuotaLane
    var access: Access
    var body: BodyKind
    var work: Work

    init(
        _ method: String, _ pattern: String, lane: QuotaLane = .general, _ access: Access, body: BodyKind = .json,
        _ work: Work
    ) {
        (self.method, self.pattern, self.lane) = (method, pattern, lane)
        (self.access, self.body, self.work) = (access, body, work)
    }
}

/// Finds the route of a path under either naming scheme.
struct Router: Sendable {
    enum Match: Sendable {
        case found(Route, parameters: [String: String], version: PathVersion)
        /// The path exists with other methods.
        case wrongMethod
        case none
    }

    private final class Node: Sendable {
        let children: [String: Node]
        let parameter: (name: String, node: Node)?
        let routes: [String: Route]

        init(_ routes: [(segments: ArraySlice<String>, route: Route)]) {
            self.routes = Dictionary(
                routes.filter { $0.segments.isEmpty }.map { ($0.route.method, $0.route) }
            ) { first, _ in first }
            let longer = Dictionary(grouping: routes.filter { !$0.segments.isEmpty }) { $0.segments.first ?? "" }
            var children: [String: Node] = [:]
            var parameter: (name: String, node: Node)?
            for (head, group) in longer {
                let node = Node(group.map { ($0.segments.dropFirst(), $0.route) })
                if head.hasPrefix("{") {
                    parameter = (String(head.dropFirst().dropLast()), node)
                } else {
                    children[head] = node
                }
            }
            self.children = children
            self.parameter = parameter
        }
    }

    private let root: Node

    /// Parameters at the same place of different patterns must have the same name.
    init(_ routes: [Route]) {
        root = Node(routes.map { ($0.pattern.split(separator: "/").map(String.init)[...], $0) })
    }

    func match(method: String, segments: [String]) -> Match {
        guard let (canonical, version) = Self.canonical(segments) else { return .none }
        var parameters: [String: String] = [:]
        guard let node = find(root, canonical[...], &parameters) else { return .none }
        guard let route = node.routes[method], version.has(route) else {
            return node.routes.values.contains(where: version.has) ? .wrongMethod : .none
        }
        return .found(route, parameters: parameters, version: version)
    }

    private func find(_ node: Node, _ segments: ArraySlice<String>, _ parameters: inout [String: String]) -> Node? {
        guard let head = segments.first else { return node.routes.isEmpty ? nil : node }
        if let child = node.children[head], let found = find(child, segments.dropFirst(), &parameters) { return found }
        guard let parameter = node.parameter, !head.isEmpty else { return nil }
        if parameter.name.hasSuffix("...") {
            parameters[String(parameter.name.dropLast(3))] = segments.joined(separator: "/")
            return parameter.node
        }
        guard let found = find(parameter.node, segments.dropFirst(), &parameters) else { return nil }
        parameters[parameter.name] = head
        return found
    }

    /// The path without its version (HubSpot's path map): `/crm/v3/objects/x` and `/crm/objects/2026-09/x` are both
    /// `crm/objects/x`. Nil where the version is none that is served.
    static func canonical(_ segments: [String]) -> (path: [String], version: PathVersion)? {
        guard segments.count >= 2 else { return (segments, .numbered("v3")) }
        let first = segments[0]
        let second = segments[1]
        switch first {
        case "crm":
            guard segments.count >= 3 else { return nil }
            let third = segments[2]
            if second == "v3" || second == "v4" {
                // Version 4 is the associations' alone: /crm/v4/associations and /crm/v4/objects/…/associations.
                let isFourth = third == "associations" || third == "objects" && segments.contains("associations")
                guard isFourth == (second == "v4") else { return nil }
                return (["crm"] + segments[2...], .numbered(second))
            }
            if second == "associations", third == "v4" {
                return (["crm", "associations"] + segments[3...], .numbered("v4"))
            }
            guard PathVersion.dated.contains(third) else { return nil }
            return (["crm", second] + segments[3...], .dated(third))
        case "crm-object-schemas":
            // /crm/v3/schemas and /crm-object-schemas/2026-03/schemas.
            guard let version = version(second) else { return nil }
            return (["crm"] + segments[2...], version)
        case "account-info":
            guard let version = version(second) else { return nil }
            return ([first] + segments[2...], version)
        case "oauth":
            // Versions 1 and 2 have calls of their own.
            guard let version = version(second) else { return (segments, .numbered(second)) }
            return ([first] + segments[2...], version)
        case "files":
            guard let version = version(second) else { return nil }
            return ([first] + segments[2...], version)
        case "marketing":
            guard segments.count >= 3 else { return nil }
            if second == "v3" { return (["marketing"] + segments[2...], .numbered("v3")) }
            guard PathVersion.datedForms.contains(segments[2]) else { return nil }
            return (["marketing", second] + segments[3...], .dated(segments[2]))
        default: return (segments, .numbered("v3"))
        }
    }

    /// `v3` or one of the dates.
    private static func version(_ text: String) -> PathVersion? {
        if text == "v3" { return .numbered("v3") }
        return PathVersion.dated.contains(text) ? .dated(text) : nil
    }
}
