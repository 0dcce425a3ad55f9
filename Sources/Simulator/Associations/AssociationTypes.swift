/// HubSpot's own association types (HubSpot's associations v4 guide and its Python client).
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
            _ a: String, _ b: String, _ forth: Int64, _ back: Int64, labels: (String, String)? = nil,
            _ name: (String, String)
        ) {
            list.append(Kind(from: a, to: b, id: forth, inverse: back, label: labels?.0, name: name.0))
            list.append(Kind(from: b, to: a, id: back, inverse: forth, label: labels?.1, name: name.1))
        }
        // Since 2024 the company's side of a primary link says whose it is.
        let primary = "Primary"
        add("0-1", "0-2", 279, 280, ("contact_to_company_unlabeled", "company_to_contact_unlabeled"))
        add(
            "0-1", "0-2", 1, 2, labels: (primary, "Contact with Primary Company"),
            ("contact_to_company", "company_to_contact")
        )
        add("0-1", "0-3", 4, 3, ("contact_to_deal", "deal_to_contact"))
        add("0-3", "0-2", 341, 342, ("deal_to_company_unlabeled", "company_to_deal_unlabeled"))
        add("0-3", "0-2", 5, 6, labels: (primary, "Deal with Primary Company"), ("deal_to_company", "company_to_deal"))
        add("0-1", "0-5", 15, 16, ("contact_to_ticket", "ticket_to_contact"))
        add("0-2", "0-5", 340, 339, ("company_to_ticket_unlabeled", "ticket_to_company_unlabeled"))
        add(
            "0-2", "0-5", 25, 26, labels: ("Ticket with Primary Company", primary),
            ("company_to_ticket", "ticket_to_company"))
        add("0-3", "0-5", 27, 28, ("deal_to_ticket", "ticket_to_deal"))
        add(
            "0-2", "0-2", 13, 14, labels: ("Parent/Child", "Parent/Child"),
            ("parent_to_child_company", "child_to_parent_company"))
        list.append(Kind(from: "0-1", to: "0-1", id: 449, inverse: 449, label: nil, name: "contact_to_contact"))
        list.append(Kind(from: "0-2", to: "0-2", id: 450, inverse: 450, label: nil, name: "company_to_company"))
        // As in HubSpot's own Python client (association_type.py).
        let others: [(String, String, Int64, Int64)] = [
            ("0-46", "0-1", 202, 201), ("0-46", "0-2", 190, 189), ("0-46", "0-3", 214, 213), ("0-46", "0-5", 228, 227),
            ("0-27", "0-1", 204, 203), ("0-27", "0-2", 192, 191), ("0-27", "0-3", 216, 215), ("0-27", "0-5", 230, 229),
            ("0-47", "0-1", 200, 199), ("0-47", "0-2", 188, 187), ("0-47", "0-3", 212, 211), ("0-47", "0-5", 226, 225),
            ("0-49", "0-1", 198, 197), ("0-49", "0-2", 186, 185), ("0-49", "0-3", 210, 209), ("0-49", "0-5", 224, 223),
            ("0-48", "0-1", 194, 193), ("0-48", "0-2", 182, 181), ("0-48", "0-3", 206, 205), ("0-48", "0-5", 220, 219),
            ("0-116", "0-1", 453, 454), ("0-116", "0-2", 459, 460), ("0-116", "0-3", 457, 458),
            ("0-116", "0-5", 455, 456), ("0-8", "0-3", 20, 19), ("0-14", "0-3", 64, 63), ("0-14", "0-8", 67, 68),
            ("0-14", "0-1", 69, 70), ("0-14", "0-2", 71, 72), ("0-27", "0-14", 218, 217), ("0-48", "0-47", 399, 400),
            ("0-1", "0-19", 97, 98), ("0-5", "0-19", 99, 100),
        ]
        let names = Dictionary(ObjectTypeCatalogue.all.map { ($0.id, $0.singular) }) { first, _ in first }
            .merging(["0-47": "meeting_event"]) { $1 }
        for (a, b, forth, back) in others {
            let (from, to) = (names[a] ?? a, names[b] ?? b)
            add(a, b, forth, back, ("\(from)_to_\(to)", "\(to)_to_\(from)"))
        }
        return list
    }()

    static func kind(_ id: Int64, from: String, to: String) -> Kind? {
        all.first { $0.id == id && $0.from == from && $0.to == to }
    }

    /// 400 for a known type of link that begins at another object type.
    static func checkOrigin(of id: Int64, _ type: PortalObjectType) throws(APIError) {
        guard let known = all.first(where: { $0.id == id }), !all.contains(where: { $0.id == id && $0.from == type.id })
        else { return }
        throw .validation("invalid from object type \(type.id) for associations to be created. expected: \(known.from)")
    }

    /// The type of a link without a label.
    static func unlabelled(from: String, to: String) -> Kind? {
        all.first { $0.from == from && $0.to == to && $0.label == nil }
    }

    /// The type of the link from a contact, deal or ticket to its primary company.
    static func primary(from: String, to: String) -> Kind? {
        all.first { $0.from == from && $0.to == to && primaries.contains($0.id) }
    }

    /// Whether a type of HubSpot's own marks a primary company, seen from either end.
    static func isPrimary(_ kind: Kind) -> Bool { primaries.contains(kind.id) || primaries.contains(kind.inverse) }

    /// Contact, deal and ticket to their primary company.
    private static let primaries: Set<Int64> = [1, 5, 26]
}
