/// The functions of a page that shows a form: whether a dependent field appears, the body of a submission, errors beside their
/// fields. `Snippets/` holds them. `model` is a form's ``WebForm/document``, `form` a form element.
package enum FormScript {
    static let conditions = text(PackageResources.conditions_js)
    static let consent = text(PackageResources.consent_js)
    static let submission = text(PackageResources.submission_js)
    static let answer = text(PackageResources.answer_js)
    static let form = text(PackageResources.form_js)

    /// All of them, to stand inside of a script.
    package static let whole = [conditions, consent, submission, answer, form].joined(separator: "\n")

    /// All of them as a module that exports each.
    package static let module = whole + "\nexport { \(names.joined(separator: ", ")) };\n"

    static let names = [
        "conditionHolds", "shownKeys", "consentOptions", "pageAddress", "pageContext", "submissionBody", "errorKey",
        "errorText",
        "plainText", "send", "readValue", "readAgreed", "updateShown", "showErrors",
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
