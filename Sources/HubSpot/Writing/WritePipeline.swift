import HTTPTypes
import JSON
import Quota

/// The way of every write, in this order: its disposition, the order of writes, its values, its admission, the coalescer,
/// the batch endpoint, the session's requests.
///
/// A single record's write goes in by ``perform(_:)``, a list's by ``perform(_:_:)`` of a list, a call that is spelled out as
/// a request by ``request(_:raises:)``. All come out by ``deliver(_:carrying:_:raises:)``.
struct WritePipeline: Sendable {
    let session: Session

    var paths: Paths { session.paths }

    // MARK: One write

    /// Writes one record, or one link. Its result or error is the one that its own request has, also where it travels
    /// with others.
    func perform(_ write: Operation) async throws(HubSpotError) -> JSONSlice {
        let disposition = try session.disposition(of: write)
        let write = write.entered(in: session, disposition)
        let turn = try await session.turn(write.keys)
        defer { turn.letGo() }
        guard let settled = try await session.settled(write, disposition) else { return write.echo }
        if let known = try await recorded(settled) { return known }
        guard case .send = disposition else { return try await rehearse(settled, disposition) }
        try await admit(settled)
        if settled.isLookedUp { return try await Upsert(self, [settled], disposition, turn).one() }
        return try await coalesce(settled, turn)
    }

    /// Sends it along with others of its kind; by itself where it fits into no batch, or no other comes along.
    func coalesce(_ operation: Operation, _ turn: WriteTurn? = nil) async throws(HubSpotError) -> JSONSlice {
        try await coalesce(operation, turn) { () async throws(HubSpotError) in try await alone(operation) }
    }

    /// - Parameters:
    ///   - whenAnswered: Hears of a batch's answer, one call after another in their order, before any of them goes on.
    ///   - byItself: Sends it where it goes by itself.
    func coalesce(
        _ operation: Operation, _ turn: WriteTurn?,
        whenAnswered: (@Sendable (Result<JSONSlice, HubSpotError>) -> Void)? = nil,
        byItself: () async throws(HubSpotError) -> JSONSlice
    ) async throws(HubSpotError) -> JSONSlice {
        guard let coalescer = session.coalescer, let kind = kind(of: operation) else { return try await byItself() }
        switch await coalescer.join(
            kind, operation, turn, whenAnswered, { route(kind, operation) })
        {
        case .alone(let reservation): return try await reservation.carry(byItself)
        case .answered(.success(let record)): return record.asPlain(kind.verb)
        case .answered(.failure(let error)):
            if case .upsert(_, isWhole: false, _) = kind.verb, error.isOfBatch, error.isAboutRecord {
                // Whether an update or a create was refused, and what is in a create's way, only they say.
                return try await byItself()
            }
            throw error.asPlain(operation.summary(paths), operation.wanted)
        }
    }

    /// The kind of operations that it may travel with. Nil where the session batches nothing, or may not do it: it is
    /// told so by itself.
    func kind(of operation: Operation) -> BatchKind? {
        guard session.coalescer != nil, let kind = BatchKind(operation), let permission = operation.permission else {
            return nil
        }
        let permissions = session.configuration.permissions
        return permissions == .all || permissions.allows(permission) ? kind : nil
    }

    /// How a batch of the kind is made. The operation is one of it.
    func route(_ kind: BatchKind, _ operation: Operation) -> Coalescer.Route {
        let form = form(of: operation)
        let endpoint = BatchEndpoint(pipeline: self, form: form, disposition: .send)
        let lanes: LaneSet = if case .link = kind.verb { [.associations, .day] } else { [.burst, .day] }
        if case .update = kind.verb {
            return .init(size: form.size, lanes: lanes) { await updates($0, .send) }
        }
        return .init(size: form.size, lanes: lanes) { await endpoint.settle($0) }
    }

    /// The batch endpoint for operations of one verb and type.
    func form(of operation: Operation) -> any BatchForm {
        let type = operation.type ?? ObjectType("")
        return switch operation.verb {
        case .read(let options): ReadForm(type, options, idProperty: operation.record?.idProperty, paths)
        case .create: CreateForm(type, paths)
        case .upsert: UpsertForm(type, operation.record?.idProperty ?? "", paths)
        case .archive: ArchiveForm(type, paths)
        case .link(let label): LinkForm(type, operation.other?.type ?? type, label, paths)
        default: UpdateForm(type, paths)
        }
    }

    // MARK: Alone

    /// Does it by its own request.
    func alone(_ operation: Operation) async throws(HubSpotError) -> JSONSlice {
        switch operation.verb {
        case .read(let options):
            guard let type = operation.type, let record = operation.record else { return JSONSlice("{}") }
            return try await CRMObjects(type, session: session).plainGet(record, options)
        case .upsert(isWhole: false): return try await Upsert(self, [operation], .send, nil).one()
        case .upsert(isWhole: true): return try await wholeUpsert(operation)
        case .archive, .gdprDelete, .unlink:
            _ = try await deliver(operation.request(paths), carrying: [operation], .send)
            return operation.silentAnswer
        default:
            let request = operation.request(paths)
            let response = try await deliver(request, carrying: [operation], .send)
            let body = response?.body ?? []
            return try operation.verb.answersRecord
                ? JSONSlice(record: body, to: request) : JSONSlice(answer: body, to: request)
        }
    }

    private func wholeUpsert(_ operation: Operation) async throws(HubSpotError) -> JSONSlice {
        let form = form(of: operation)
        let request = operation.request(paths)
        do throws(HubSpotError) {
            let response = try await deliver(request, carrying: [operation], .send)
            let answer = try JSONSlice(answer: response?.body ?? [], to: request)
            if let record = answer.field("results")?.elements()?.first { return record.removing("objectWriteTraceId") }
            throw form.error(from: answer.field("errors")?.elements()?.first) ?? form.missing(operation)
        } catch {
            throw error.asPlain(request.summary, operation.wanted)
        }
    }

    /// Shows it, or counts it, as it would be sent.
    /// - Returns: The dry-run echo.
    func rehearse(_ write: Operation, _ disposition: Disposition) async throws(HubSpotError) -> JSONSlice {
        if let plan = disposition.plan, let kind = kind(of: write) {
            try await plan.countTogether(write, kind, route(kind, write), in: session)
        } else {
            // An upsert's update says whether there is such a record, unless there is nothing to update.
            if case .upsert(isWhole: false) = write.verb, !write.changes.isEmpty, let type = write.type {
                disposition.plan?.countLookUp(of: 1, in: 1, type)
            }
            _ = try await deliver(write.request(paths), carrying: [write], disposition)
        }
        return write.echo
    }

    // MARK: Sent

    /// Sends a request that a caller has spelled out.
    /// - Returns: Nil where it was shown or counted instead.
    func request(_ request: APIRequest, raises: Bool) async throws(HubSpotError) -> APIResponse? {
        try await self.request(.spelledOut(request), request, raises: raises)
    }

    /// - Parameter write: The request as an operation.
    func request(
        _ given: Operation, _ request: APIRequest, raises: Bool
    ) async throws(HubSpotError) -> APIResponse? {
        let rules = try RequestRules(request)
        guard rules.isWrite else { return try await read(request, rules, raises: raises) }
        let disposition = try session.disposition(of: given)
        let write = given.entered(in: session, disposition)
        if let known = try await recorded(request, write) { return known }
        if case .send = disposition { try await admit(write) }
        return try await deliver(request, carrying: [write], disposition, raises: raises)
    }

    /// The exit of every write: a request, and the operations that it carries. The journal is told of them before they
    /// leave.
    ///
    /// - Parameters:
    ///   - raises: Whether an answer that is no success is thrown.
    ///   - settles: Whether the journal is told of their fate: a batch's answer is read by its endpoint, which tells.
    /// - Returns: Nil where it was shown or counted instead.
    func deliver(
        _ request: APIRequest, carrying operations: [Operation], _ disposition: Disposition, raises: Bool = true,
        settles: Bool = true
    ) async throws(HubSpotError) -> APIResponse? {
        let rules = try RequestRules(request)
        guard rules.isWrite else { return try await read(request, rules, raises: raises) }
        try session.validate(request)
        switch disposition {
        case .send:
            let entries = try await intend(operations, by: request)
            do throws(HubSpotError) {
                let response = try await session.transmit(request, rules, raises: raises)
                for entry in entries { entry.note(response) }
                if settles { settle(operations, entries) { WriteFate($0, response, to: request) } }
                return response
            } catch {
                if settles { settle(operations, entries) { _ in WriteFate(error) } }
                throw error
            }
        case .preview: session.configuration.onDryRun(request)
        case .plan(let plan):
            plan.count(operations, by: request, rules)
            try await plan.keep(operations, by: request, in: session)
        }
        return nil
    }

    private func read(
        _ request: APIRequest, _ rules: RequestRules, raises: Bool
    ) async throws(HubSpotError) -> APIResponse {
        _ = try session.disposition(rules.permission, request.summary)
        try session.validate(request)
        return try await session.transmit(request, rules, raises: raises)
    }
}
