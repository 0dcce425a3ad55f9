import JSON

/// The primary company of a contact, deal or ticket: there is one at most. A link that makes another company the primary
/// one takes the mark from it, and the first company that is linked gets it (source: the Associations v4 guide).
package enum PrimaryCompany {
    /// An end of a link.
    enum End {
        case from, to
    }

    /// The end that has a primary company; nil for links between other types.
    static func owner(_ from: ObjectType, _ to: ObjectType) -> End? {
        let names = [from, to].map { ObjectType.canonical($0.name) }
        if names[1] == "companies", marks[names[0]] != nil { return .from }
        return names[0] == "companies" && marks[names[1]] != nil ? .to : nil
    }

    /// The kind of link that marks it, from its owner's end; nil for a type that has no primary company.
    package static func mark(of owner: String) -> Associations.Label? {
        marks[ObjectType.canonical(owner)].map { .init(category: ofHubSpot, typeID: $0) }
    }

    /// Whether a kind of link marks a primary company, seen from either end.
    package static func isMark(category: String, typeID: Int64) -> Bool {
        category == ofHubSpot && (marks.values.contains(typeID) || fromCompany.contains(typeID))
    }

    private static let ofHubSpot = "HUBSPOT_DEFINED"
    fileprivate static let marks: [String: Int64] = ["contacts": 1, "deals": 5, "tickets": 26]
    private static let fromCompany: Set<Int64> = [2, 6, 25]
}

extension JSONSlice {
    /// Whether a kind of link that HubSpot lists marks a primary company.
    var marksPrimary: Bool {
        guard let typeID = field("typeId")?.integer else { return false }
        return PrimaryCompany.isMark(category: field("category")?.string ?? "", typeID: typeID)
    }
}
