extension HubSpotError {
    /// This failure as the last word on a call: whether it may have been carried out all the same, and what to do then.
    ///
    /// A write has an unknown fate where no answer came, and where a server in between gave up on HubSpot or HubSpot on
    /// itself (5xx): it may have been done before. A refusal for the request's own sake (4xx) says that nothing was
    /// done, as do 423, 429 and 477. A read has no fate.
    /// - Parameter mayBeDone: An earlier try of the same call has an unknown fate.
    func withFate(_ rules: RequestRules, appends: Bool, mayBeDone: Bool) -> HubSpotError {
        var error = self
        error.fateIsUnknown =
            rules.isWrite
            && (fateIsUnknown || isServersFailure || mayBeDone && ![.validation, .notFound, .conflict].contains(kind))
        guard error.fateIsUnknown else { return error }
        if isServersFailure {
            error.message = "HubSpot gave up on the call (status \(status ?? 500))\(Self.withoutAdvice(message))"
        }
        if rules.permission.right == .submit {
            error.message +=
                "; whether the form was submitted is unknown: look for the submission before it is sent again"
        } else if rules.repetition == .never || appends {
            error.message +=
                "; whether the call was carried out is unknown: look for what it changes before it is sent again"
        } else {
            error.message += "; whether the call was carried out is unknown: to send it again does no harm"
        }
        return error
    }

    /// A status with which a server may end a call that it, or one behind it, has carried out.
    var isServersFailure: Bool { status.map { (500...599).contains($0) } ?? false }

    /// What HubSpot says, without sentences that tell to try again: sent twice, such a call may be done twice.
    private static func withoutAdvice(_ said: String) -> String {
        guard !said.hasPrefix("HubSpot is temporarily unable to answer") else { return "" }
        let sentences = said.split(separator: ".").map { $0.drop { $0.isWhitespace } }
            .filter { !$0.isEmpty && !$0.lowercased().contains("again") && !$0.lowercased().contains("retry") }
        return sentences.isEmpty ? "" : ": \(sentences.joined(separator: ". "))"
    }
}
