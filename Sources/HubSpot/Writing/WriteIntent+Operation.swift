import HTTPTypes
import JSON
import Wire

extension WriteIntent {
    /// With every secret masked.
    ///
    /// - Parameter request: The one that carries the operation, maybe with others.
    init(_ operation: Operation, carriedBy request: APIRequest, in session: Session) {
        self.init(operation, request, session.paths)
        let mask = session.secretMask
        path = mask.target(path)
        body = body.map { mask.body($0, of: request) }
    }

    /// As the request that does it alone.
    init(_ operation: Operation, _ paths: Paths) { self.init(operation, operation.request(paths), paths) }

    private init(_ operation: Operation, _ request: APIRequest, _ paths: Paths) {
        var meant = operation
        if case .element = operation.verb, let entry = operation.entry { meant = entry.meaning }
        switch meant.verb {
        case .other(let request): self.init(spelledOut: request)
        case .element(_, let json): self.init(request, .other, body: json.bytes)
        default:
            self.init(meant.request(paths), Action(meant.verb))
            type = meant.type.map { ObjectType.canonical($0.name) }
            id = meant.record.flatMap { $0.idProperty == nil ? $0.value : nil }
            other = meant.other.map { (ObjectType.canonical($0.type.name), $0.id) }
        }
    }

    private init(_ request: APIRequest, _ action: Action, body: [UInt8]? = nil) {
        method = request.method.rawValue
        path = request.target
        self.action = action
        self.body = body ?? (request.headers[.contentType].map { $0.contains("json") } ?? true ? request.body : nil)
    }

    /// A record's own path says what is done to it, also in a request that a caller has spelled out.
    private init(spelledOut request: APIRequest) {
        let parts = (try? RequestRules.segments(of: request.path)) ?? []
        let isSubmission = (try? RequestRules(request))?.permission.right == .submit
        self.init(request, isSubmission ? .submit : .other)
        guard parts.prefix(2) == ["crm", "objects"], (3...4).contains(parts.count), request.query.isEmpty else {
            return
        }
        switch (request.method, parts.count) {
        case (.post, 3): action = .create
        case (.patch, 4): action = .update
        case (.delete, 4): action = .delete
        default: return
        }
        type = ObjectType.canonical(parts[2])
        id = parts.count == 4 ? parts[3] : nil
    }
}

extension WriteIntent.Action {
    fileprivate init(_ verb: Operation.Verb) {
        self =
            switch verb {
            case .create: .create
            case .update: .update
            case .upsert: .upsert
            case .archive: .delete
            case .gdprDelete: .gdprDelete
            case .merge: .merge
            case .link: .link
            case .unlink: .unlink
            case .read, .other, .element: .other
            }
    }
}
