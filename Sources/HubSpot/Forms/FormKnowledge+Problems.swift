import WebForms

extension FormKnowledge {
    /// The faults of a submission, as far as they are known.
    func problems(of submission: FormSubmission, now: Duration) -> [WebForm.Problem] {
        SubmissionCheck(submission.plain, form: form, properties: types.mapValues(\.usableInForms), now: now).problems()
    }

    /// The same before it is sent. That the definition could not be read matters where a number or a date was given.
    func problems(of submission: FormSubmission, given: FormSubmission, now: Duration) -> [WebForm.Problem] {
        var problems = problems(of: submission, now: now)
        if let unreadable, given.fields.contains(where: { $0.time != nil }) { problems.append(.unreadable(unreadable)) }
        return problems
    }
}

extension FormKnowledge {
    /// Values that the form takes and the property does not: HubSpot drops them.
    /// - Parameter known: What is known to be wrong.
    func dropped(of submission: FormSubmission, besides known: [WebForm.Problem]) -> [WebForm.Problem] {
        let known = Set(known.compactMap(\.field))
        return submission.fields.compactMap { field in
            guard !known.contains(field.name), !field.value.isEmpty, let types = types[field.objectTypeID],
                types[field.name] != nil,
                let problem = PropertyCheck(types: types, version: .v3).problem(of: field.name, field.value)
            else { return nil }
            return WebForm.Problem(
                field: field.name, errorType: problem.code, message: "\(problem.message): HubSpot drops the value",
                isRefused: false)
        }
    }
}

extension WebForm.Problem {
    /// `birthday: … HubSpot drops the value`.
    var words: String { (field.map { "\($0): " } ?? "") + message }

    static func unreadable(_ error: HubSpotError) -> WebForm.Problem {
        WebForm.Problem(
            field: nil, errorType: "DEFINITION_UNREADABLE",
            message: "the form's definition could not be read, so only the values were checked: \(error.message)",
            isRefused: false)
    }
}
