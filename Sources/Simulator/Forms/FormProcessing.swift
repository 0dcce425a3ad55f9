import GRDB
import JSON
import WebForms
import Wire

/// The changes that a submission makes in the CRM: HubSpot makes them some time after it has answered.
enum FormProcessing {
    /// Of the submissions that were processed, the fields that no record got.
    static let tables = PortalTables.submissionOutcomes

    /// Processes the submissions that are due.
    static func catchUp(_ db: Database, portal: Portal, schema: Schema, now: Int64) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, submission FROM form_queue WHERE due <= ? ORDER BY due, id", arguments: [now])
        for row in rows {
            try process(row[1], db, portal: portal, schema: schema, now: now)
            try db.execute(sql: "DELETE FROM form_queue WHERE id = ?", arguments: [row[0] as Int64])
        }
    }

    /// Makes or updates the contact, and the company where fields of one were given.
    static func process(_ submission: Int64, _ db: Database, portal: Portal, schema: Schema, now: Int64) throws {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT form, submitted_at, fields, context FROM submissions WHERE id = ?",
                arguments: [submission]),
            let form = try WebForm.stored(row[0], db), let contacts = schema.type(named: "0-1"),
            let companies = schema.type(named: "0-2")
        else { return }
        let fieldsText: String = row[2]
        let contextText: String = row[3]
        let fields = try JSONValue.parse(fieldsText.utf8).array ?? []
        let context = try JSONValue.parse(contextText.utf8)
        let source = ChangeSource.form(form.id, name: form.name)
        let store = RecordStore(
            db: db, type: contacts, schema: schema, now: now, searchLag: portal.searchLag, ids: portal.ids)
        var own = FormValues(fields, contacts, form, schema)
        var ofCompany = FormValues(fields, companies, form, schema)
        let values = own.values
        let hutk = context["hutk"]?.string
        var contact: StoredRecord?
        if let email = values["email"] {
            contact = try store.find(property: "email", value: email)
        } else if let hutk {
            let key = try Int64.fetchOne(db, sql: "SELECT key FROM visitors WHERE hutk = ?", arguments: [hutk])
            contact = try key.flatMap { try store.find(id: PortalObjectType.id(ofKey: $0)) }
        }
        let saved: StoredRecord
        do {
            if let contact {
                var changes = values
                // A further address that was typed does not replace the primary one.
                changes["email"] = nil
                saved = try store.update(contact, changes, source: source)
            } else {
                saved = try store.insert(values, source: source)
            }
        } catch let error as APIError {
            // A blocked address, for one: accepted, and dropped.
            own.dropAll(contacts, because: error.message)
            ofCompany.dropAll(companies, because: error.message)
            return try note(own.ignored + ofCompany.ignored, of: submission, db)
        }
        let counted = try convert(saved, store, form, context, at: row[1], source, db)
        if let hutk {
            try db.execute(
                sql: "INSERT OR REPLACE INTO visitors (hutk, key) VALUES (?, ?)", arguments: [hutk, counted.key])
        }
        let companyStore = RecordStore(
            db: db, type: companies, schema: schema, now: now, searchLag: portal.searchLag, ids: portal.ids)
        do {
            try linkCompany(ofCompany.values, to: counted, companyStore, source)
        } catch let error as APIError {
            ofCompany.dropAll(companies, because: error.message)
        }
        let unreached = FormValues.unreached(fields, reached: [contacts, companies])
        try note(own.ignored + ofCompany.ignored + unreached, of: submission, db)
    }

    private static func note(_ ignored: [JSONValue], of submission: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO submission_outcomes (submission, ignored) VALUES (?, ?)",
            arguments: [submission, JSONValue.array(ignored).text])
    }

    /// Counts the conversion on the contact.
    private static func convert(
        _ contact: StoredRecord, _ store: RecordStore, _ form: WebForm, _ context: JSONValue, at time: Int64,
        _ source: ChangeSource, _ db: Database
    ) throws -> StoredRecord {
        let old = contact.properties.values
        var new = old
        let event = [context["pageName"]?.string, form.name].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: ": ")
        new["recent_conversion_date"] = Timestamp.iso(time)
        new["recent_conversion_event_name"] = event
        new["num_conversion_events"] = String((Int(old["num_conversion_events"] ?? "") ?? 0) + 1)
        if old["first_conversion_date"] == nil {
            new["first_conversion_date"] = Timestamp.iso(time)
            new["first_conversion_event_name"] = event
        }
        try db.execute(
            sql: "INSERT OR IGNORE INTO conversions (key, form) VALUES (?, ?)", arguments: [contact.key, form.id])
        let unique = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM conversions WHERE key = ?", arguments: [contact.key])
        new["num_unique_conversion_events"] = String(unique ?? 1)
        return try store.replace(contact, old: old, with: new, source: source)
    }

    /// Changes the contact's primary company, or its first, or makes one and links it.
    private static func linkCompany(
        _ values: [String: String], to contact: StoredRecord, _ companies: RecordStore, _ source: ChangeSource
    ) throws {
        guard !values.isEmpty else { return }
        let links = AssociationStore(db: companies.db)
        let present = try links.links(of: contact.key, to: companies.type)
        if let link = present.first(where: { $0.typeID == 1 && $0.category == "HUBSPOT_DEFINED" }) ?? present.first,
            let company = try companies.find(id: PortalObjectType.id(ofKey: link.toKey))
        {
            _ = try companies.update(company, values, source: source)
            return
        }
        let company = try companies.insert(values, source: source)
        try links.link(contact.key, company.key, category: "HUBSPOT_DEFINED", typeID: 279, inverse: 280)
        try links.link(contact.key, company.key, category: "HUBSPOT_DEFINED", typeID: 1, inverse: 2)
    }
}
