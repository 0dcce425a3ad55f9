import HTTPTypes
package import JSON
import Quota
import Wire

extension Forms {
    /// Submits a form and waits until its contact shows the submission.
    ///
    /// HubSpot accepts a submission and works on it later; the contact is asked for by its address, after one second at
    /// first and five at most, as bulk work that waits for the quota like any other. A contact that was there before
    /// counts once its own count of submissions (`num_conversion_events`, `recent_conversion_date`) has moved.
    /// - Throws: As ``submit(_:)``; kind `timeout` where the contact does not show in time: the submission is accepted
    ///   nevertheless.
    package func submitAndWait(
        _ submission: FormSubmission, _ options: ReadOptions = ReadOptions(), timeout: Duration = .seconds(60)
    ) async throws(HubSpotError) -> (contact: JSONSlice, answer: JSONSlice) {
        guard let field = submission.fields.last(where: { $0.objectTypeID == "0-1" && $0.name == "email" }),
            EmailAddress.isValid(EmailAddress.trimmed(field.value))
        else { throw .invalidArgument("the contact is found by its address, and fields hold no email") }
        let contacts = CRMObjects(.contacts, session: session)
        let contact = RecordReference.email(field.value)
        let signs = ReadOptions(properties: ["num_conversion_events", "recent_conversion_date"])
        let before = try await contacts.find(contact, signs)
        let answer = try await submit(submission)
        if answer.field("dry_run") != nil { return (answer, answer) }
        let clock = session.configuration.clock
        let deadline = clock.now + timeout
        var pause = Duration.seconds(1)
        while true {
            if let now = try await contacts.find(contact, signs), before.map({ moved($0, now) }) ?? true {
                return (try await contacts.get(contact, options), answer)
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

    private func moved(_ before: JSONSlice, _ now: JSONSlice) -> Bool {
        ["num_conversion_events", "recent_conversion_date"].contains { name in
            before.field("properties")?.field(name)?.string != now.field("properties")?.field(name)?.string
        }
    }
}
