import HubSpot

/// Looks a contact up by its email address, and creates it where there is none.
public func greet(_ address: String, _ session: Session) async throws -> String {
    let contact: Record
    if let known = try await session.contacts.find(.email(address), ReadOptions(properties: ["firstname"])) {
        contact = known
    } else {
        contact = try await session.contacts.create(["email": address, "firstname": "Ada"])
    }
    return "Hello, \(contact["firstname"] ?? "you")! You are contact \(contact.id)."
}
