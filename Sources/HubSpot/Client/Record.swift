public import Foundation
import JSON
import Wire

/// One record of the CRM: a contact, a company, a custom object.
///
/// Source: [CRM objects](https://developers.hubspot.com/docs/api-reference/crm-objects-v3/guide).
public struct Record: Sendable, Hashable, Identifiable {
    /// HubSpot's id: decimal digits. Empty in a dry run's answer for a record that it would have created.
    public let id: String
    /// Values by the internal names of the properties. HubSpot keeps every value as text: a number as its digits, a
    /// moment as ISO 8601 in UTC, a choice of several as `a;b`. A property without a value is left out.
    public let properties: [String: String]
    /// When it was created; nil where the answer does not say.
    public let createdAt: Date?
    /// When it was last changed; nil where the answer does not say.
    public let updatedAt: Date?
    /// Whether it lies in the recycle bin.
    public let archived: Bool
    /// When it went to the recycle bin; nil for a record that is not there.
    public let archivedAt: Date?
    /// The records that it is linked to, by the plural name of the other type (`companies`): as far as it was asked for
    /// with ``ReadOptions/associations``.
    public let associations: [String: [Link]]
    /// Whether ``Records/upsert(_:_:)`` has made it; nil for an answer of any other call.
    public let isNew: Bool?

    /// One link to another record.
    public struct Link: Sendable, Hashable {
        /// The other record's id.
        public let id: String
        /// The kind of the link in HubSpot's words: `contact_to_company`.
        public let type: String
    }

    /// The value of a property; nil where the record has none, or it was not asked for.
    public subscript(_ property: String) -> String? { properties[property] }
}

extension Record {
    /// Reads `{ id, properties, createdAt, updatedAt, archived, associations }`.
    /// - Throws: kind `badResponse` for an object without `properties`.
    init(_ slice: JSONSlice) throws(HubSpotError) {
        guard let values = slice.field("properties")?.fields() else {
            throw HubSpotError(.badResponse, "HubSpot's answer holds a record without properties")
        }
        id = slice.recordID ?? ""
        properties = Dictionary(
            values.compactMap { field in
                field.value.isNull ? nil : (field.name, field.value.string ?? field.value.text)
            }, uniquingKeysWith: { $1 })
        createdAt = slice.date("createdAt")
        updatedAt = slice.date("updatedAt")
        archived = slice.field("archived")?.boolean ?? false
        archivedAt = slice.date("archivedAt")
        isNew = slice.field("new")?.boolean
        let links = (slice.field("associations")?.fields() ?? []).map { field in
            (field.name, (field.value.field("results")?.elements() ?? []).compactMap(Link.init))
        }
        associations = Dictionary(links, uniquingKeysWith: { $1 })
    }
}

extension Record.Link {
    fileprivate init?(_ slice: JSONSlice) {
        guard let id = slice.recordID else { return nil }
        self.id = id
        type = slice.field("type")?.string ?? ""
    }
}

extension JSONSlice {
    /// A moment that is written as ISO 8601.
    fileprivate func date(_ name: String) -> Date? {
        field(name)?.string.flatMap { Timestamp.parse($0) }.map { Date(timeIntervalSince1970: Double($0) / 1000) }
    }
}
