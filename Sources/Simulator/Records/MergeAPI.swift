import GRDB
import JSON

/// Merging two records of a type, and deleting one for good.
enum MergeAPI {
    static let maximumIdentities = 250

    static func merge(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        let primaryText = try body.requiredScalar("primaryObjectId")
        let otherText = try body.requiredScalar("objectIdToMerge")
        guard let primaryID = Int64(primaryText) else { throw APIError.malformedID(primaryText) }
        guard let otherID = Int64(otherText) else { throw APIError.malformedID(otherText) }
        let store = call.records(db, of: type)
        guard let primary = try store.find(id: primaryID), let other = try store.find(id: otherID) else {
            throw APIError.recordNotFound
        }
        guard primary.key != other.key else {
            throw APIError.validation("Cannot merge object \(primaryID) with itself")
        }
        let old = primary.properties.values
        let lost = other.properties.values
        let merged = (old["hs_merged_object_ids"] ?? "").split(separator: ";").map(String.init)
        let further = (lost["hs_merged_object_ids"] ?? "").split(separator: ";").map(String.init)
        guard merged.count + further.count + 2 <= maximumIdentities else {
            throw APIError(414, "Cannot have more than 250 identities on a profile", category: "VALIDATION_ERROR")
        }
        var new = lost.merging(old) { _, kept in kept }
        for name in ["createdate", type.createdProperty] where old[name] != nil { new[name] = old[name] }
        new["hs_merged_object_ids"] = (merged + further + [String(other.id)]).joined(separator: ";")
        if type.id == "0-1" {
            let ids = [String(primary.id)] + merged + further + [String(other.id)]
            new["hs_all_contact_vids"] = ids.joined(separator: ";")
            mergeEmails(old, lost, into: &new)
        }
        try AssociationLinks.leaveMark(other, for: primary, type, call, db)
        try AssociationStore(db: db).move(from: other.key, to: primary.key)
        try ListStore.move(from: other.key, to: primary.key, db)
        try db.execute(sql: "UPDATE aliases SET key = ? WHERE key = ?", arguments: [primary.key, other.key])
        try store.erase(other)
        try db.execute(
            sql: "INSERT OR REPLACE INTO aliases (old_key, key) VALUES (?, ?)", arguments: [other.key, primary.key])
        var survivor = try store.replace(primary, old: old, with: new, source: .api)
        if call.portal.options.mergesRenumber { survivor = try store.renumber(survivor) }
        var buffer = JSONWriter(capacity: 1024)
        RecordWriter(type: type, portalID: Portal.id, selection: .all).write(survivor, to: &buffer)
        return SimulatorResponse(200, json: buffer.bytes)
    }

    /// The primary's address stays; every other one of both becomes a further address.
    private static func mergeEmails(_ old: [String: String], _ lost: [String: String], into new: inout [String: String])
    {
        var all: [String] = []
        for values in [old, lost] {
            if let email = values["email"] { all.append(email) }
            all += (values["hs_additional_emails"] ?? "").split(separator: ";").map(String.init)
        }
        guard let primary = all.first else { return }
        new["email"] = primary
        new["hs_email_domain"] = primary.split(separator: "@").last.map(String.init)
        var further: [String] = []
        for email in all where email != primary && !further.contains(email) { further.append(email) }
        new["hs_additional_emails"] = further.isEmpty ? nil : further.joined(separator: ";")
    }

    static func gdprDelete(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        guard type.id == "0-1" else { throw APIError.html(404) }
        let body = try call.object()
        let text = try body.requiredScalar("objectId")
        let store = call.records(db, of: type)
        let property = try body.scalar("idProperty") ?? "hs_object_id"
        if property == "hs_object_id" || property.isEmpty {
            guard let id = Int64(text) else { throw APIError.malformedID(text) }
            guard let record = try store.find(id: id) ?? store.find(id: id, archived: true) else {
                throw APIError.recordNotFound
            }
            try store.erase(record)
            return SimulatorResponse(204)
        }
        try ObjectsAPI.checkUnique(property, type, call.schema)
        if let record = try store.find(property: property, value: text) {
            try store.erase(record)
        } else if property == "email" {
            guard EmailSyntax.isValid(text.trimmed) else {
                throw APIError.validation("Email address \(text) is invalid")
            }
            try db.execute(
                sql: "INSERT OR IGNORE INTO blocked_emails (email) VALUES (?)",
                arguments: [RecordStore.uniqueForm(text)])
        } else {
            throw APIError.recordNotFound
        }
        return SimulatorResponse(204)
    }
}
