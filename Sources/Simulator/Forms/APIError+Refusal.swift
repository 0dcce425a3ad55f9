import WebForms

extension APIError {
    /// The words are those of every answer in HubSpot's place.
    init(_ refusal: WebForm.Refusal) {
        self.init(refusal.status, refusal.message, category: refusal.category)
        errors = refusal.problems.map { Detail(message: $0.answer, errorType: $0.errorType) }
    }
}
