import HubSpot

/// Makes every lead at an address of a domain a customer, and answers how many there were.
public func promote(domain: String, _ session: Session) async throws -> Int {
    let leads = SearchQuery(
        matching: SearchFilter("lifecyclestage", .eq, value: "lead"),
        SearchFilter("email", .contains, value: "*@\(domain)"))
    return try await withThrowingTaskGroup { group in
        for try await lead in session.contacts.search(leads) {
            // Updates that wait for the quota together travel as one request.
            group.addTask { try await session.contacts.update(.id(lead.id), ["lifecyclestage": "customer"]) }
        }
        return try await group.reduce(into: 0) { count, _ in count += 1 }
    }
}
