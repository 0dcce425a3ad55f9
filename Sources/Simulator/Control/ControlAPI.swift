import GRDB
import HTTPTypes
import JSON
import Wire
import Workbench

/// `/_simulator/…` and the home page: for tests and people, without a token and uncounted.
enum ControlAPI {
    static func answer(_ request: SimulatorRequest, _ portal: Portal) async throws -> SimulatorResponse {
        let place = request.segments.dropFirst().joined(separator: "/")
        do {
            // A browser sends a plain post for a page of any address, and needs no permission of the server's.
            if let origin = request.headers[.origin], !portal.workbenchAddress.isOwn(origin) {
                throw APIError(
                    403, "The simulator's own paths are open to its own page and to programs, to no other site")
            }
            switch (request.method, request.segments.isEmpty ? "/" : place) {
            case ("GET", "/"): return HomePage.answer
            // A client that asks before deletions in portals knows by it that this is none. The address tells one that came
            // through something else, which might lead to a portal the next time.
            case ("GET", "identity"):
                return SimulatorResponse(200, ["simulator": "moonspot", "url": .string(portal.publicURL)])
            case ("GET", "stats"): return SimulatorResponse(200, stats(portal))
            case ("POST", "reset"):
                try await portal.reset()
                return SimulatorResponse(200, ["status": "reset"])
            case ("GET", "token"): return try HomePage.token(request, portal)
            case ("GET", "records"): return SimulatorResponse(200, try await RecordsView.json(portal, request.query))
            case ("GET", "portal"): return SimulatorResponse(200, try await PortalView.json(portal))
            case ("GET", "submissions"): return SimulatorResponse(200, try await submissions(portal))
            case ("GET", "requests"): return SimulatorResponse(200, requests(portal, request.query))
            case ("PUT", "faults"):
                portal.faults.set(try FaultRules.read(Call.parse(request.body).get()))
                return SimulatorResponse(200, ["status": "set"])
            case ("POST", "clock"):
                guard let milliseconds = try Call.parse(request.body).get()["advance_ms"]?.double,
                    0...1e11 ~= milliseconds
                else { throw APIError.missing(["advance_ms"]) }
                guard portal.milliseconds() + Int64(milliseconds) < Self.lastMoment else {
                    throw APIError.validation("The clock does not go beyond the year 9000")
                }
                portal.clock.advance(by: .microseconds(Int64(milliseconds * 1000)))
                return SimulatorResponse(200, ["now": .string(Timestamp.iso(portal.milliseconds()))])
            case ("GET", let name):
                guard let file = HomePage.file(name) else { throw APIError.html(404) }
                return file
            default: throw APIError.html(404)
            }
        } catch let error as APIError {
            return SimulatorResponse(error, correlationID: request.correlationID)
        }
    }

    /// The year 9000: times of answers have four digits for the year.
    private static let lastMoment: Int64 = 221_845_392_000_000

    private static func stats(_ portal: Portal) -> JSONValue {
        let (requests, byStatus) = portal.statistics.counts
        let peaks = portal.gate.peaks
        return [
            "requests": .integer(requests),
            "by_status": .object(
                byStatus.sorted { $0.key < $1.key }.map { .init(String($0.key), .integer($0.value)) }),
            "throttled": .integer(byStatus[429] ?? 0),
            "peak_window": ["burst": .integer(peaks.burst), "search": .integer(peaks.search)],
        ]
    }

    private static func submissions(_ portal: Portal) async throws -> JSONValue {
        let rows = try await portal.database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT form, submitted_at, fields, context, ignored FROM submissions
                    LEFT JOIN submission_outcomes ON submission = id ORDER BY id
                    """
            ).map { row in
                (
                    form: row[0] as String, at: row[1] as Int64, fields: row[2] as String, context: row[3] as String,
                    ignored: row[4] as String?
                )
            }
        }
        return [
            "results": .array(
                try rows.map { row in
                    [
                        "formGuid": .string(row.form), "portalId": .integer(Portal.id), "submittedAt": .integer(row.at),
                        "fields": try JSONValue.parse(row.fields.utf8),
                        "context": try JSONValue.parse(row.context.utf8),
                        // Null until the submission is processed.
                        "ignored": try row.ignored.map { try JSONValue.parse($0.utf8) } ?? .null,
                    ]
                })
        ]
    }

    /// The last requests after a number, for the home page.
    private static func requests(_ portal: Portal, _ query: Query) -> JSONValue {
        let entries = portal.statistics.entries(after: query.first("after").flatMap { Int($0) } ?? 0)
        return [
            "results": .array(
                entries.map {
                    [
                        "number": .integer($0.number), "at": .string(Timestamp.iso($0.at)),
                        "method": .string($0.method),
                        "path": .string($0.path), "status": .integer($0.status),
                        "query": .string($0.query), "milliseconds": .number(String($0.milliseconds)),
                    ]
                })
        ]
    }
}
