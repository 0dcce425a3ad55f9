import HTTPTypes
import JSON
import Wire

/// A write as the journal keeps it, to be made once more.
package struct KeptWrite: Sendable {
    package var method: String
    /// Of the request that does it alone, with its query.
    package var path: String
    package var action: WriteIntent.Action
    package var type: String?
    package var id: String?
    package var other: (type: String, id: String)?
    package var body: String?
    /// When it was sent, by this machine's clock, in milliseconds since 1970.
    package var at: Int64
    /// It may have been carried out: the portal is asked first.
    package var isUnknown: Bool

    package init(
        method: String, path: String, action: WriteIntent.Action, type: String?, id: String?,
        other: (type: String, id: String)?, body: String?, at: Int64, isUnknown: Bool
    ) {
        self.method = method
        self.path = path
        self.action = action
        self.type = type
        self.id = id
        self.other = other
        self.body = body
        self.at = at
        self.isUnknown = isUnknown
    }

    package enum Outcome: Sendable {
        /// The portal shows that it was carried out the first time.
        case wasDone(WriteFate)
        case done(WriteFate)
        case failed(HubSpotError)
        /// Nothing tells whether it was carried out, and it was not sent again.
        case unknown
    }
}

extension Session {
    /// Makes a write once more that has failed; one of unknown fate where the portal shows no trace of it.
    package func `repeat`(_ kept: KeptWrite) async -> KeptWrite.Outcome {
        let pipeline = WritePipeline(session: self)
        do throws(HubSpotError) {
            let write = try kept.operation()
            if kept.isUnknown {
                let earlier = EarlierWrite(
                    isDone: false, at: kept.at, id: kept.id, isNew: false, answer: nil, note: { _ in })
                switch try await pipeline.lookUp(write, earlier) {
                case .done(let answer): return .wasDone(WriteFate(write, answer, keeping: answer))
                case .unknown: return .unknown
                case .notDone: break
                }
            }
            guard case .other(let request) = write.verb else {
                let answer = try await pipeline.perform(write)
                return .done(WriteFate(write, answer, keeping: answer))
            }
            let response = try await send(request)
            return .done(WriteFate(write, JSONSlice(response.body), keeping: JSONSlice(recording: response)))
        } catch {
            return .failed(error)
        }
    }
}

extension KeptWrite {
    private static let mask = "••••"

    /// - Throws: kind `invalidArgument` where the journal kept too little.
    func operation() throws(HubSpotError) -> Operation {
        guard !path.contains(Self.mask), body?.contains(Self.mask) != true else {
            throw .invalidArgument("the journal keeps no secrets, and this write held one: make it by hand")
        }
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let segments = (try? RequestRules.segments(of: parts.first ?? "")) ?? []
        let query = Self.query(parts.count > 1 ? parts[1] : "")
        let json = JSONSlice(body ?? "{}")
        guard let type = type.map({ ObjectType($0) }) else { return try spelledOut(parts.first ?? path, query) }
        let idProperty = query.first { $0.name == "idProperty" }?.value
        let record = id.map { RecordReference.id($0) }
        let named = record ?? segments.last.map { RecordReference($0, idProperty: idProperty) }
        let properties = PropertyBag(of: json.field("properties"))
        switch action {
        case .create:
            var create = Operation(.create, type, nil, properties)
            create.associations = json.field("associations")
            return create
        case .update: return Operation(.update, type, named, properties)
        case .upsert:
            if let input = json.field("inputs")?.elements()?.first {
                let key = RecordReference(
                    input.field("id")?.idText ?? "", idProperty: input.field("idProperty")?.string)
                return Operation(.upsert(isWhole: true), type, key, PropertyBag(of: input.field("properties")))
            }
            let key = method == "POST" ? properties["email"].map { RecordReference.email($0) } : named
            return Operation(.upsert(isWhole: false), type, key, properties)
        case .delete: return Operation(.archive, type, named)
        case .gdprDelete:
            let key = RecordReference(
                json.field("objectId")?.idText ?? "", idProperty: json.field("idProperty")?.string)
            return Operation(.gdprDelete, type, key)
        case .merge, .link, .unlink:
            guard let record, let other else { break }
            let otherType = ObjectType(other.type)
            let types = json.elements() ?? json.field("inputs")?.elements()?.first?.field("types")?.elements()
            let label = types?.first.flatMap { Associations.Label($0) }
            let verb: Operation.Verb = action == .merge ? .merge : action == .link ? .link(label) : .unlink(label)
            return Operation(verb, from: type, record.value, to: otherType, other.id)
        case .submit, .other: return try spelledOut(parts.first ?? path, query)
        }
        throw .invalidArgument("the journal keeps too little of this write to make it again")
    }

    private func spelledOut(
        _ path: String, _ query: [(name: String, value: String)]
    ) throws(HubSpotError) -> Operation {
        guard let method = HTTPRequest.Method(rawValue: method), body != nil || method == .delete || method == .put
        else { throw .invalidArgument("the journal does not keep what this write sent: make it by hand") }
        let isForms = path.hasPrefix("/submissions/")
        return Operation(
            .other(
                APIRequest(
                    method, path, host: isForms ? .forms : .api, query: query, body: body.map { Array($0.utf8) },
                    isAuthenticated: !isForms || path.contains("/secure/"))))
    }

    private static func query(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                PercentEncoding.decode(parts[0]) ?? String(parts[0]),
                parts.count > 1 ? PercentEncoding.decode(parts[1]) ?? String(parts[1]) : ""
            )
        }
    }
}

extension WriteFate {
    fileprivate init(_ write: Operation, _ answer: JSONSlice, keeping kept: JSONSlice) {
        self.init(write, answer)
        if case .done(let id, let isNew, let values, let answered, _) = self {
            self = .done(id: id, isNew: isNew, values: values, answered: answered, answer: kept)
        }
    }
}

extension PropertyBag {
    /// An object of properties as it was sent.
    fileprivate init(of object: JSONSlice?) {
        self.init((object?.fields() ?? []).map { ($0.name, $0.value.isNull ? "" : $0.value.string ?? $0.value.text) })
    }
}
