import Wire

extension WebForm {
    /// A value for each field that a visitor with these answers sees: the given ones, and for the rest what the form has in it at first,
    /// or one that HubSpot takes.
    func examples(_ given: [Submission.Value]) -> [Submission.Value] {
        let values = fields.map { field in
            let own = given.last { $0.objectTypeID == field.objectTypeID && $0.name == field.name }?.value
            let value = own ?? (field.defaultValue.isEmpty ? field.example : field.defaultValue)
            return Submission.Value(objectTypeID: field.objectTypeID, name: field.name, value: value)
        }
        let shown = Set(shown(values).map(\.key))
        // Properties beside the form's fields go along with a token.
        return
            (values.filter { shown.contains(Field.key($0.objectTypeID, $0.name)) }
            + given.filter { field($0.objectTypeID, $0.name) == nil }).filter { !$0.value.isEmpty }
    }
}

extension WebForm.Field {
    private static let words = [
        "firstname": "Ada", "lastname": "Lovelace", "company": "Analytical Engines", "name": "Analytical Engines",
        "jobtitle": "Mathematician", "city": "London", "country": "United Kingdom",
        "website": "https://www.example.org",
        "message": "Hello",
    ]

    /// A value that HubSpot takes; empty where none is known, and for a hidden field.
    var example: String {
        guard !isHidden else { return "" }
        switch type {
        case "email":
            let domain = ["example.org", "example.com", "example.net"].first { !blockedDomains.contains($0) }
            return "ada@\(domain ?? "analytical-engines.example")"
        case "phone", "mobile_phone":
            let usual = "+442079460123"
            let digits = digits ?? 7...20
            return digits.contains(12)
                ? usual : String(("0123456789" + String(repeating: "0", count: 64)).prefix(digits.lowerBound))
        case "number":
            let least = range?.lowerBound ?? 1
            let number = least.isFinite ? least.rounded(.up) : min(1, range?.upperBound ?? 1)
            return number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : number.description
        case "single_checkbox": return "true"
        case "datepicker": return "946684800000"
        case "file": return "https://www.example.org/file.pdf"
        default:
            if let option = options.first { return option.value }
            return Self.words[name] ?? "Text"
        }
    }
}
