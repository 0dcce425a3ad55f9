import GRDB
import HTTPTypes
import JSON
import WebForms

/// The two submission endpoints of api.hsforms.com, and reading submissions.
enum FormSubmissionAPI {
    static var routes: [Route] {
        [
            Route(
                "POST", "submissions/v3/integration/secure/submit/{portal}/{form}", lane: .secureForm,
                .token { _ throws(APIError) in ["forms"] },
                .write { call, db in try submit(call, db, isPublic: false) }),
            Route(
                "POST", "submissions/v3/integration/submit/{portal}/{form}", lane: .publicForm,
                .open, .write { call, db in try submit(call, db, isPublic: true) }),
            Route(
                "OPTIONS", "submissions/v3/integration/submit/{portal}/{form}", lane: .free, .open, .plain(preflight)),
            Route(
                "GET", "form-integrations/v1/submissions/forms/{form}",
                .token { _ throws(APIError) in ["forms"] }, .read(list)),
        ]
    }

    static let anyOrigin = (name: "Access-Control-Allow-Origin", value: "*")

    /// A browser's question before it sends from another origin.
    private static func preflight(_ call: Call) -> SimulatorResponse {
        var response = SimulatorResponse(200)
        let wanted = HTTPField.Name("Access-Control-Request-Headers").flatMap { call.request.headers[$0] }
        response.headers = [
            anyOrigin, ("Access-Control-Allow-Methods", "POST, OPTIONS"),
            ("Access-Control-Allow-Headers", wanted ?? "Content-Type"), ("Access-Control-Max-Age", "180"),
        ]
        return response
    }

    private static func submit(_ call: Call, _ db: Database, isPublic: Bool) throws -> SimulatorResponse {
        guard call.parameter("portal") == String(Portal.id) else { throw unknownForm }
        guard let form = try WebForm.stored(call.parameter("form"), db) else { throw unknownForm }
        let body = try call.body.get()
        let submission: WebForm.Submission
        do throws(WebForm.Refusal) {
            submission = try WebForm.Submission(received: body, isSecure: !isPublic)
            let problems = form.problems(in: submission, now: .milliseconds(call.now))
            if let refusal = WebForm.Refusal(problems) { throw refusal }
        } catch {
            throw APIError(error)
        }
        let submittedAt = submission.submittedAt.flatMap { Int64($0) } ?? call.now
        let fields = submission.fields.map { field -> JSONValue in
            ["name": .string(field.name), "value": .string(field.value), "objectTypeId": .string(field.objectTypeID)]
        }
        try db.execute(
            sql: """
                INSERT INTO submissions (form, submitted_at, conversion_id, fields, context) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                form.id, submittedAt, UUIDs.version4(), JSONValue.array(fields).text,
                (submission.context ?? .object([])).text,
            ])
        let id = db.lastInsertedRowID
        if call.portal.formDelay > 0 {
            let due = call.now + call.portal.formDelay
            try db.execute(sql: "INSERT INTO form_queue (due, submission) VALUES (?, ?)", arguments: [due, id])
            call.portal.notePutOff(until: due)
        } else {
            try FormProcessing.process(id, db, portal: call.portal, schema: call.schema, now: call.now)
        }
        return SimulatorResponse(200, form.acceptance)
    }

    private static var unknownForm: APIError { APIError(.unknownForm) }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        guard let form = try WebForm.stored(call.parameter("form"), db) else { throw unknownForm }
        let limit = try call.query.integer("limit", default: 20, in: 1...50)
        var offset = 0
        if let after = call.query.first("after"), !after.isEmpty {
            guard let number = Int(after), 0...Int.max / 2 ~= number else { throw APIError.queryParameter("after") }
            offset = number
        }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT conversion_id, submitted_at, fields, context FROM submissions WHERE form = ?
                ORDER BY submitted_at DESC, id DESC LIMIT ? OFFSET ?
                """, arguments: [call.parameter("form").lowercased(), limit + 1, offset])
        let results = try rows.prefix(limit).map { row -> JSONValue in
            let fields: String = row[2]
            let context: String = row[3]
            return [
                "conversionId": .string(row[0]), "submittedAt": .integer(row[1] as Int64),
                "values": .array(
                    FormValues.entries(try JSONValue.parse(fields.utf8).array ?? [], form, call.schema)),
                "pageUrl": try JSONValue.parse(context.utf8)["pageUri"] ?? "",
            ]
        }
        var body: JSONValue = ["results": .array(results)]
        if rows.count > limit {
            body = body.setting("paging", to: ["next": ["after": .string(String(offset + limit))]])
        }
        return SimulatorResponse(200, body)
    }
}
