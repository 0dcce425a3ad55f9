package import JSON
import Quota
import WebForms
import Wire

extension Forms {
    /// A submission whose contact has shown it.
    package struct Arrival: Sendable {
        package var contact: JSONSlice
        /// The contact as it was; nil where the submission has created it, or would in a dry run. With the submitted properties alone.
        package var before: JSONSlice?
        package var receipt: Receipt
        /// Keys of the fields that have another value than before: `firstname`, `0-2/name`.
        package var changed: [String] = []
        /// Keys of those that did not arrive.
        package var dropped: [String] = []

        package var isCreated: Bool { before == nil }
    }

    /// Submits a form and waits until its contact shows the submission.
    ///
    /// HubSpot accepts a submission and works on it later; the contact is asked for by its address, after one second at
    /// first and five at most, as bulk work that waits for the quota like any other. A contact that was there before
    /// counts once its own count of submissions (`num_conversion_events`, `recent_conversion_date`) has moved.
    /// - Throws: As ``submit(_:)``; kind `timeout` where the contact does not show in time: the submission is accepted
    ///   nevertheless.
    package func submitAndWait(
        _ submission: FormSubmission, _ options: ReadOptions = ReadOptions(), timeout: Duration = .seconds(60)
    ) async throws(HubSpotError) -> Arrival {
        guard let field = submission.fields.last(where: { $0.objectTypeID == "0-1" && $0.name == "email" }),
            EmailAddress.isValid(EmailAddress.trimmed(field.value))
        else { throw .invalidArgument("the contact is found by its address, and fields hold no email") }
        let contacts = CRMObjects(.contacts, session: session)
        let contact = RecordReference.email(field.value)
        let read = ReadOptions(properties: Self.signs + submission.names(of: "0-1"))
        let before = try await contacts.find(contact, read)
        let companyBefore = try await company(of: before, submission)
        let settled = try await settled(submission)
        let receipt = try await submit(submission)
        if receipt.answer.field("dry_run") != nil {
            return Arrival(contact: receipt.answer, before: before, receipt: receipt)
        }
        let clock = session.configuration.clock
        let deadline = clock.now + timeout
        var pause = Duration.seconds(1)
        while true {
            if let now = try await contacts.find(contact, read), before.map({ moved($0, now) }) ?? true {
                let own = FormArrival(sent: settled.filter { $0.objectTypeID == "0-1" }, before: before, after: now)
                let other = FormArrival(
                    sent: settled.filter { $0.objectTypeID == "0-2" }, before: companyBefore,
                    after: try await company(of: now, submission))
                // A form writes to a contact and its company, and to nothing else.
                let elsewhere = settled.filter { !["0-1", "0-2"].contains($0.objectTypeID) && !$0.value.isEmpty }
                return Arrival(
                    contact: try await contacts.get(contact, options), before: before, receipt: receipt,
                    changed: own.changed + other.changed.map { WebForm.Field.key("0-2", $0) },
                    dropped: own.dropped + other.dropped.map { WebForm.Field.key("0-2", $0) }
                        + elsewhere.map { WebForm.Field.key($0.objectTypeID, $0.name) })
            }
            guard clock.now < deadline else { break }
            CallContext.current?.waits()
            do { try await clock.sleep(until: min(clock.now + pause, deadline)) } catch { throw .cancelled }
            pause = min(pause * 1.5, .seconds(5))
        }
        throw HubSpotError(
            .timeout,
            "HubSpot accepted the submission, and the contact does not show it after \(timeout); look later with contacts.find"
        )
    }

    private static let signs = ["num_conversion_events", "recent_conversion_date"]

    private func moved(_ before: JSONSlice, _ now: JSONSlice) -> Bool {
        Self.signs.contains { name in
            before.field("properties")?.field(name)?.string != now.field("properties")?.field(name)?.string
        }
    }

    /// The submission's values as they are sent.
    private func settled(_ submission: FormSubmission) async throws(HubSpotError) -> [FormSubmission.Field] {
        var submission = submission
        submission.formGuid = try await id(of: submission.formGuid)
        return try await knowledge(of: submission, isStrict: false).settling(submission).fields
    }

    /// The contact's first company, where the submission holds fields of one.
    private func company(of contact: JSONSlice?, _ submission: FormSubmission) async throws(HubSpotError) -> JSONSlice?
    {
        let names = submission.names(of: "0-2")
        guard !names.isEmpty, let id = contact?.field("id")?.idText else { return nil }
        let links = try await Associations(session: session).list(.contacts, id, ObjectType("companies"), limit: 1)
        guard let company = links.slice.field("results")?.elements()?.first?.field("toObjectId")?.idText else {
            return nil
        }
        return try await CRMObjects(ObjectType("companies"), session: session).find(
            .id(company), ReadOptions(properties: names))
    }
}

extension FormSubmission {
    fileprivate func names(of type: String) -> [String] {
        fields.filter { $0.objectTypeID == type }.map(\.name)
    }
}
