/// HubSpot's own association types (HubSpot's associations v4 guide).
enum AssociationTypes {
    struct Kind: Sendable {
        var from: String
        var to: String
        var id: Int64
        /// The type of the same link seen from the other end.
        var inverse: Int64
        var label: String?
        /// The name in v3 answers.
        var name: String
    }

    static let all: [Kind] = {
        var list: [Kind] = []
        func add(
            _ a: String, _ b: String, _ forth: Int64, _ back: Int64, label: String? = nil, _ name: (String, String)
        ) {
            list.append(Kind(from: a, to: b, id: forth, inverse: back, label: label, name: name.0))
            list.append(Kind(from: b, to: a, id: back, inverse: forth, label: label, name: name.1))
        }
        add("0-1", "0-2", 279, 280, ("contact_to_company_unlabeled", "company_to_contact_unlabeled"))
        add("0-1", "0-2", 1, 2, label: "Primary", ("contact_to_company", "company_to_contact"))
        add("0-1", "0-3", 4, 3, ("contact_to_deal", "deal_to_contact"))
        add("0-3", "0-2", 341, 342, ("deal_to_company_unlabeled", "company_to_deal_unlabeled"))
        add("0-3", "0-2", 5, 6, label: "Primary", ("deal_to_company", "company_to_deal"))
        add("0-1", "0-5", 15, 16, ("contact_to_ticket", "ticket_to_contact"))
        add("0-2", "0-5", 340, 339, ("company_to_ticket_unlabeled", "ticket_to_company_unlabeled"))
        add("0-2", "0-5", 25, 26, label: "Primary", ("company_to_ticket", "ticket_to_company"))
        add("0-3", "0-5", 27, 28, ("deal_to_ticket", "ticket_to_deal"))
        add("0-2", "0-2", 13, 14, label: "Parent/Child", ("parent_to_child_company", "child_to_parent_company"))
        list.append(Kind(from: "0-1", to: "0-1", id: 449, inverse: 449, label: nil, name: "contact_to_contact"))
        list.append(Kind(from: "0-2", to: "0-2", id: 450, inverse: 450, label: nil, name: "company_to_company"))
        add("0-46", "0-1", 202, 201, ("note_to_contact", "contact_to_note"))
        add("0-27", "0-1", 204, 203, ("task_to_contact", "contact_to_task"))
        add("0-47", "0-1", 200, 199, ("meeting_event_to_contact", "contact_to_meeting_event"))
        add("0-49", "0-1", 198, 197, ("email_to_contact", "contact_to_email"))
        add("0-48", "0-1", 194, 193, ("call_to_contact", "contact_to_call"))
        return list
    }()

    static func kind(_ id: Int64, from: String, to: String) -> Kind? {
        all.first { $0.id == id && $0.from == from && $0.to == to }
    }

    /// The type of a link without a label.
    static func unlabelled(from: String, to: String) -> Kind? {
        all.first { $0.from == from && $0.to == to && $0.label == nil }
    }

    static func primary(from: String, to: String) -> Kind? {
        all.first { $0.from == from && $0.to == to && $0.label == "Primary" }
    }
}
