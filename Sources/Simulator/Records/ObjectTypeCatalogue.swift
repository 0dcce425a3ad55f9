/// HubSpot's own object types (HubSpot's "Understanding the CRM" page).
enum ObjectTypeCatalogue {
    static let all: [PortalObjectType] = {
        var list = [
            PortalObjectType(
                ordinal: 1, id: "0-1", name: "contacts", singular: "contact",
                defaults: ["email", "firstname", "lastname"], requirement: .anyOf(["email", "firstname", "lastname"]),
                searched: [
                    "firstname", "lastname", "email", "phone", "hs_additional_emails", "fax", "mobilephone", "company",
                    "hs_marketable_until_renewal",
                ]),
            PortalObjectType(
                ordinal: 2, id: "0-2", name: "companies", singular: "company", defaults: ["domain", "name"],
                requirement: .anyOf(["domain", "name"]), searched: ["website", "phone", "name", "domain"]),
            PortalObjectType(
                ordinal: 3, id: "0-3", name: "deals", singular: "deal",
                defaults: ["amount", "closedate", "dealname", "dealstage", "pipeline"],
                requirement: .allOf(["dealname", "dealstage"]),
                searched: ["dealname", "pipeline", "dealstage", "description", "dealtype"]),
            PortalObjectType(
                ordinal: 5, id: "0-5", name: "tickets", singular: "ticket",
                defaults: [
                    "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority",
                    "subject",
                ], requirement: .allOf(["hs_pipeline_stage", "subject"]),
                searched: ["subject", "content", "hs_pipeline_stage", "hs_ticket_category"]),
            PortalObjectType(
                ordinal: 7, id: "0-7", name: "products", singular: "product",
                defaults: ["description", "hs_sku", "name", "price"],
                searched: ["name", "description", "price", "hs_sku"]),
            PortalObjectType(
                ordinal: 8, id: "0-8", name: "line_items", singular: "line_item",
                defaults: ["amount", "quantity", "hs_product_id"], searched: []),
        ]
        let timed: [(Int64, String, String)] = [
            (27, "tasks", "task"), (46, "notes", "note"), (47, "meetings", "meeting"), (48, "calls", "call"),
        ]
        for (number, name, singular) in timed {
            list.append(
                PortalObjectType(
                    ordinal: number, id: "0-\(number)", name: name, singular: singular, defaults: [],
                    requirement: .allOf(["hs_timestamp"]), searched: ["hs_\(singular)_body", "hs_\(singular)_title"]))
        }
        let others: [(Int64, String, String)] = [
            (14, "quotes", "quote"), (18, "communications", "communication"),
            (19, "feedback_submissions", "feedback_submission"), (49, "emails", "email"), (53, "invoices", "invoice"),
            (54, "marketing_events", "marketing_event"), (69, "subscriptions", "subscription"),
            (74, "goal_targets", "goal_target"), (84, "discounts", "discount"), (85, "fees", "fee"),
            (86, "taxes", "tax"), (101, "commerce_payments", "commerce_payment"), (115, "users", "user"),
            (116, "postal_mail", "postal_mail"), (123, "orders", "order"), (136, "leads", "lead"),
            (142, "carts", "cart"), (162, "services", "service"), (410, "courses", "course"),
            (420, "listings", "listing"), (421, "appointments", "appointment"), (970, "projects", "project"),
        ]
        for (number, name, singular) in others {
            list.append(
                PortalObjectType(ordinal: number, id: "0-\(number)", name: name, singular: singular, defaults: []))
        }
        return list
    }()
}
