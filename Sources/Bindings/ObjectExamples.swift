import HubSpot

/// The words of one object type's examples: what can be typed as it stands.
struct ObjectExamples {
    let type: ObjectType

    /// The module: `hubspot.contacts`; of a custom object, or of a type that is not named, what `hubspot.objects` answers.
    var module: String {
        if let known = ObjectType.standard.first(where: { ObjectType($0.name).name == type.name }) {
            return "hubspot.\(known.name)"
        }
        return "hubspot.objects(\"\(type.isWellFormed ? type.name : "cars")\")"
    }
    /// The property that says when a record was made.
    var created: String { module.contains("(") ? "hs_createdate" : "createdate" }
    /// The name of a record.
    var id: String { type.isContacts ? "\"ada@example.org\"" : "501" }
    /// The properties of a record.
    var properties: String { properties(0) }

    /// One of them.
    var oneProperty: String { properties(0).split(separator: ",").last.map { String($0.drop { $0 == " " }) } ?? "" }

    /// The arguments of `upsert`.
    var upsert: String {
        type.isContacts
            ? "(\"ada@example.org\", { firstname = \"Ada\" })"
            : "(\"4711\", { \(properties) }, { idProperty = \"order_number\" })"
    }
    /// Two records for `batch.create`.
    var list: String { "{ { \(properties(0)) }, { \(properties(1)) } }" }
    /// One record for `batch.update`.
    var changes: String {
        type.isContacts
            ? "{ { id = 501, properties = { firstname = \"Ada\" } } }"
            : "{ { id = 501, properties = { \(properties) } } }"
    }
    /// The arguments of `batch.upsert`.
    var batchUpsert: String {
        type.isContacts
            ? "{ { email = \"ada@example.org\", firstname = \"Ada\" } }"
            : "({ { id = \"4711\", properties = { \(properties) } } }, { idProperty = \"order_number\" })"
    }

    private func properties(_ which: Int) -> String {
        let timestamp = "hs_timestamp = \"2026-11-21T10:00:00Z\""
        func one(_ first: String, _ second: String) -> String { "\"\([first, second][which])\"" }
        return switch type.name {
        case "contacts":
            "email = \(one("ada@example.org", "grace@example.org")), firstname = \(one("Ada", "Grace"))"
        case "companies":
            "name = \(one("Analytical Engines", "Compilers")), domain = \(one("example.org", "example.com"))"
        case "deals": "dealname = \(one("Engine", "Compiler")), amount = 1200, dealstage = \"qualifiedtobuy\""
        case "tickets": "subject = \(one("It rattles", "It halts")), hs_pipeline_stage = 1"
        case "products", "line_items": "name = \(one("Engine", "Compiler")), price = 1200"
        case "notes": "hs_note_body = \(one("Asked for a quote", "Called back")), \(timestamp)"
        case "tasks": "hs_task_subject = \(one("Call Ada", "Call Grace")), \(timestamp)"
        case "meetings": "hs_meeting_title = \(one("Demonstration", "Review")), \(timestamp)"
        case "calls": "hs_call_title = \(one("First call", "Second call")), \(timestamp)"
        case "emails": "hs_email_subject = \(one("Your engine", "Your compiler")), \(timestamp)"
        case "leads": "hs_lead_name = \(one("Ada", "Grace"))"
        case "quotes": "hs_title = \(one("An engine", "A compiler"))"
        case _ where !type.isWellFormed: "name = \(one("Beetle", "Herbie"))"
        default: "hs_name = \(one("Engine", "Compiler"))"
        }
    }
}
