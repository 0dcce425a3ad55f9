import Wire

/// The properties that HubSpot sets by itself.
enum ComputedProperties {
    /// Adds the values that a new record carries beside those that it was given (recorded create answers of 2024).
    static func complete(
        _ values: inout [String: String], of type: PortalObjectType, id: Int64, now: Int64, source: ChangeSource
    ) {
        let time = Timestamp.iso(now)
        values[type.createdProperty] = time
        values[type.modifiedProperty] = time
        values["hs_object_id"] = String(id)
        values["hs_object_source"] = source.type
        values["hs_object_source_id"] = source.id
        values["hs_object_source_label"] = source.type
        if values["hubspot_owner_id"] != nil { values["hubspot_owner_assigneddate"] = time }
        guard type.id == "0-1" else { return }
        values["hs_all_contact_vids"] = String(id)
        values["hs_is_contact"] = "true"
        values["hs_is_unworked"] = "true"
        values["hs_marketable_status"] = "false"
        values["hs_marketable_until_renewal"] = "false"
        values["hs_pipeline"] = "contacts-lifecycle-pipeline"
        if values["lifecyclestage"] == nil { values["lifecyclestage"] = "lead" }
        refresh(&values, from: [:], of: type, now: now)
    }

    /// Sets the values that follow from others which have changed.
    static func refresh(
        _ values: inout [String: String], from old: [String: String], of type: PortalObjectType, now: Int64
    ) {
        if values["hubspot_owner_id"] != old["hubspot_owner_id"], !old.isEmpty {
            values["hubspot_owner_assigneddate"] = values["hubspot_owner_id"].map { _ in Timestamp.iso(now) }
        }
        guard type.id == "0-1" else { return }
        if values["email"] != old["email"] {
            values["hs_email_domain"] = values["email"]?.split(separator: "@").last.map(String.init)
        }
        if values["phone"] != old["phone"] {
            let digits = values["phone"]?.filter { $0.isNumber } ?? ""
            values["hs_searchable_calculated_phone_number"] = digits.isEmpty ? nil : String(digits.suffix(10))
        }
        if let stage = values["lifecyclestage"], stage != old["lifecyclestage"] {
            values["hs_lifecyclestage_\(stage)_date"] = Timestamp.iso(now)
        }
    }

    /// The names that a write's answer shows beside those that were written.
    static func shown(after written: some Sequence<String>, of type: PortalObjectType, all: [String: String])
        -> [String]
    {
        let computed = all.keys.filter { $0.hasPrefix("hs_") || $0 == "lifecyclestage" }
        return Set(Array(written) + computed + type.always).sorted()
    }
}
