import Wire

extension SubmissionCheck {
    /// HubSpot takes submissions of about a month back (source: Submit data to a form).
    private static let longestAge: Duration = .seconds(31 * 86_400)

    /// The fault of the submission's time.
    package func timeProblem() -> WebForm.Problem? {
        guard let now, let text = submission.submittedAt, let time = Int64(text) else { return nil }
        let age = now - .milliseconds(time)
        let day =
            Timestamp.years0To9999.contains(time)
            ? Timestamp.date(floorDivide(time, Timestamp.millisecondsPerDay)) : "no day of a calendar (\(text))"
        let message =
            if age > Self.longestAge {
                "submittedAt is \(day), and HubSpot takes submissions of about a month back at most"
            } else if age < .seconds(-86_400) {
                "submittedAt is \(day), which is still to come"
            } else {
                nil as String?
            }
        return message.map {
            WebForm.Problem(
                field: "submittedAt", errorType: "INVALID_METADATA", message: $0,
                answered: "'\(time)' is not within the last month")
        }
    }
}
