import JSON

/// The primary company of a contact, deal or ticket: there is one at most. A link that makes another company the primary
/// one takes the mark from it, and the first company that is linked gets it (source: the Associations v4 guide).
enum PrimaryCompany {
    /// An end of a link.
    enum End {
        case from, to
    }

    /// The end that has a primary company; nil for links between other types.
    static func owner(_ from: ObjectType, _ to: ObjectType) -> End? {
        let names = [from, to].map { ObjectType.canonical($0.name) }
        if names[1] == "companies", owners.contains(names[0]) { return .from }
        return names[0] == "companies" && owners.contains(names[1]) ? .to : nil
    }

    private static let owners: Set<String> = ["contacts", "deals", "tickets"]
    /// The kinds of link that mark it, from its owner's end.
    fileprivate static let marks: Set<Int64> = [1, 5, 26]
}

extension JSONSlice {
    /// Whether a kind of link that HubSpot lists for a contact, deal or ticket marks its primary company.
    var marksPrimary: Bool {
        field("category")?.string == "HUBSPOT_DEFINED"
            && field("typeId")?.integer.map { PrimaryCompany.marks.contains($0) } ?? false
    }
}
