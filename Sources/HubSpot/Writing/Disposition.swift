/// What becomes of a write. Decided once for each, by the session, before anything else is done for it; a write that is
/// refused is an error instead.
enum Disposition: Sendable {
    case send
    /// A dry run: it is shown, and answers what was given to it.
    case preview
    /// It is counted by the plan, and answers what was given to it.
    case plan(WritePlan)

    /// - Parameters:
    ///   - permission: The right that it needs. A read is sent or refused.
    ///   - summary: What it is called in the error.
    ///   - plan: The plan that the call belongs to.
    /// - Throws: kind `read_only` or `not_allowed`.
    init(
        _ permission: Permission, _ summary: @autoclosure () -> String, in configuration: SessionConfiguration,
        plan: WritePlan?
    ) throws(HubSpotError) {
        let isWrite = permission.right != .read
        // A plan writes nothing, so that it can be made in a read-only session too.
        if configuration.isReadOnly, isWrite, plan == nil {
            let summary = summary()
            throw HubSpotError(
                .readOnly, "this session is read-only, and \(summary) would write", request: summary)
        }
        guard configuration.permissions.allows(permission) else {
            let summary = summary()
            throw HubSpotError(
                .notAllowed,
                "\(summary) needs the permission \(permission); this session has \(configuration.permissions)",
                .widenPermissions(permission), configuration.wording, request: summary)
        }
        self = !isWrite ? .send : plan.map { .plan($0) } ?? (configuration.isDryRun ? .preview : .send)
    }

    /// Whether the write is shown or counted instead of sent.
    var isRehearsal: Bool { if case .send = self { false } else { true } }

    var plan: WritePlan? { if case .plan(let plan) = self { plan } else { nil } }
}

extension Session {
    func disposition(of write: Operation) throws(HubSpotError) -> Disposition {
        let permission: Permission
        if let known = write.permission {
            permission = known
        } else {
            permission = try RequestRules(write.request(paths)).permission
        }
        return try disposition(permission, write.summary(paths))
    }

    func disposition(_ permission: Permission, _ summary: @autoclosure () -> String) throws(HubSpotError) -> Disposition
    {
        try Disposition(permission, summary(), in: configuration, plan: WritePlan.current)
    }
}
