import GRDB
import JSON
import Wire

/// Fills an empty database with the portal that everyone meets.
struct Seed {
    let db: Database
    let options: SimulatorOptions

    /// The ids of the first records of each type.
    static let firstID: Int64 = 501
    /// Without a number given: enough that a newcomer sees something.
    static let handful = 25

    func run() throws {
        try schema()
        try owners()
        try pipelines()
        try forms()
        try SeedRecords(db: db, options: options).run(max(0, options.contacts ?? Self.handful))
    }

    private func schema() throws {
        for type in ObjectTypeCatalogue.all {
            try db.execute(
                sql: "INSERT INTO object_types (ordinal, next_id) VALUES (?, ?)",
                arguments: [type.ordinal, Self.firstID])
            for (index, group) in PropertyCatalogue.groups(of: type).enumerated() {
                try db.execute(
                    sql: "INSERT INTO property_groups (type, name, label, display_order) VALUES (?, ?, ?, ?)",
                    arguments: [type.ordinal, group.name, group.label, index])
            }
            let statement = try db.makeStatement(
                sql: "INSERT OR REPLACE INTO property_definitions (type, name, definition) VALUES (?, ?, ?)")
            for var property in PropertyCatalogue.definitions(of: type) {
                property.createdAt = People.firstDay
                property.updatedAt = People.firstDay
                try statement.execute(arguments: [type.ordinal, property.name, property.json.text])
            }
        }
    }

    private func owners() throws {
        let people = [
            (41, "rae.rep@example.org", "Rae", "Rep", 111), (42, "jo.account@example.org", "Jo", "Account", 112),
            (43, "kim.manager@example.org", "Kim", "Manager", 113),
        ]
        let time = JSONValue.string(Timestamp.iso(People.firstDay))
        for (id, email, first, last, user) in people {
            let definition: JSONValue = [
                "id": .string(String(id)), "email": .string(email), "type": "PERSON", "firstName": .string(first),
                "lastName": .string(last), "userId": .integer(user), "userIdIncludingInactive": .integer(user),
                "createdAt": time, "updatedAt": time, "archived": false,
                "teams": .array([["id": "7", "name": "North", "primary": true]]),
            ]
            try db.execute(
                sql: "INSERT INTO owners (id, email, user_id, archived, definition) VALUES (?, ?, ?, 0, ?)",
                arguments: [id, email, user, definition.text])
        }
    }

    private func pipelines() throws {
        let time = JSONValue.string(Timestamp.iso(People.firstDay))
        func insert(_ ordinal: Int64, _ id: String, _ label: String, _ stages: [(String, String, JSONValue)]) throws {
            let definition: JSONValue = [
                "label": .string(label), "displayOrder": 0, "id": .string(id),
                "stages": .array(
                    stages.enumerated().map { index, stage in
                        [
                            "label": .string(stage.1), "displayOrder": .integer(index), "metadata": stage.2,
                            "createdAt": time, "updatedAt": time, "id": .string(stage.0), "archived": false,
                            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
                        ]
                    }), "createdAt": time, "updatedAt": time, "archived": false,
            ]
            try db.execute(
                sql: "INSERT INTO pipelines (type, id, position, archived, definition) VALUES (?, ?, 0, 0, ?)",
                arguments: [ordinal, id, definition.text])
        }
        func deal(_ probability: String, closed: Bool) -> JSONValue {
            ["isClosed": closed ? "true" : "false", "probability": .string(probability)]
        }
        try insert(
            3, "default", "Sales Pipeline",
            [
                ("appointmentscheduled", "Appointment Scheduled", deal("0.2", closed: false)),
                ("qualifiedtobuy", "Qualified To Buy", deal("0.4", closed: false)),
                ("presentationscheduled", "Presentation Scheduled", deal("0.6", closed: false)),
                ("decisionmakerboughtin", "Decision Maker Bought-In", deal("0.8", closed: false)),
                ("contractsent", "Contract Sent", deal("0.9", closed: false)),
                ("closedwon", "Closed Won", deal("1.0", closed: true)),
                ("closedlost", "Closed Lost", deal("0.0", closed: true)),
            ])
        func ticket(_ state: String) -> JSONValue {
            ["ticketState": .string(state), "isClosed": state == "CLOSED" ? "true" : "false"]
        }
        try insert(
            5, "0", "Support Pipeline",
            [
                ("1", "New", ticket("OPEN")), ("2", "Waiting on contact", ticket("OPEN")),
                ("3", "Waiting on us", ticket("OPEN")), ("4", "Closed", ticket("CLOSED")),
            ])
    }

    private func forms() throws {
        for (index, form) in SeedForms.all.enumerated() {
            try db.execute(
                sql: "INSERT INTO forms (position, guid, archived, definition) VALUES (?, ?, 0, ?)",
                arguments: [index + 1, form["id"]?.string, form.text])
        }
    }
}
