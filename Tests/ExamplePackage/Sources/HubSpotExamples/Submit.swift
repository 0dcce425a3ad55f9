import HubSpot

/// Submits a form as a visitor would, and says what HubSpot answers.
public func contactUs(_ form: String, from address: String, _ session: Session) async throws -> String {
    do {
        let receipt = try await session.forms.submit(
            form, ["email": address, "lastname": "Lovelace", "message": "Do you sell engines?"],
            page: FormPage(uri: "https://example.com/contact", name: "Contact us"))
        return receipt.inlineMessage ?? receipt.redirectURI ?? "accepted"
    } catch {
        guard error.kind == .validation else { throw error }
        return error.details.map { "\($0.field ?? "the form"): \($0.message)" }.joined(separator: "\n")
    }
}
