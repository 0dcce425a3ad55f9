import Words

/// The rules of a value for which the form has no field. A browser's are refused; with a token any property that forms may use is
/// taken, and any other value dropped without a word (source: Submit data to a form).
struct OtherFieldRules {
    var form: WebForm
    /// The portal's properties of the object type, and whether forms may use each; nil where they are not known.
    var properties: [String: Bool]?
    /// Whether HubSpot refuses fields that are not on the form.
    var isRefused: Bool
    var tellsOfProperties: Bool

    func problem(of given: WebForm.Submission.Value) -> WebForm.Problem? {
        let key = WebForm.Field.key(given.objectTypeID, given.name)
        let isUsable = properties?[given.name]
        func problem(_ type: String, _ message: String) -> WebForm.Problem {
            WebForm.Problem(
                field: given.name, errorType: type, message: message, isRefused: isRefused,
                answered: "Field '\(given.name)' is not in the form definition", isOfValue: true)
        }
        if isRefused {
            let known =
                isUsable == nil ? hint(for: given) : ": it is a property of the portal, but no field of this form"
            return problem("FIELD_NOT_IN_FORM_DEFINITION", "the form has no field '\(key)'\(known)")
        }
        guard let properties else { return nil }
        // Every type has some.
        guard !properties.isEmpty else {
            return problem(
                "PROPERTY_DOESNT_EXIST",
                "the portal has no object type '\(given.objectTypeID)': HubSpot drops the value of '\(key)'\(typeHint(for: given))"
            )
        }
        switch isUsable {
        case nil:
            return problem(
                "PROPERTY_DOESNT_EXIST",
                "neither the form has a field '\(key)' nor the portal such a property: HubSpot drops the value"
                    + hint(for: given))
        case false?:
            return problem(
                "FIELD_NOT_IN_FORM_DEFINITION",
                "the property '\(key)' is not one that forms may use: HubSpot drops the value")
        case true?:
            guard tellsOfProperties else { return nil }
            return problem(
                "FIELD_NOT_IN_FORM_DEFINITION",
                "'\(key)' is a property of the portal that is not on the form: HubSpot takes it with a token, and refuses it "
                    + "from a browser")
        }
    }

    /// The field of that name which the form does have.
    private func typeHint(for given: WebForm.Submission.Value) -> String {
        form.fields.first { $0.name == given.name }.map { "; did you mean '\($0.key)'?" } ?? ""
    }

    /// The name that was probably meant: of the form's own fields before any other.
    private func hint(for given: WebForm.Submission.Value) -> String {
        let own = form.fields.map(\.key)
        let key = WebForm.Field.key(given.objectTypeID, given.name)
        let hint = NearestName.hint(for: key, among: own)
        return hint.isEmpty ? NearestName.hint(for: given.name, among: (properties ?? [:]).keys) : hint
    }
}
