import HTTPTypes
import JSON
import Wire
import Workbench

/// `/_simulator/…` and the home page: for tests and people, without a token and uncounted.
enum ControlAPI {
    static func answer(_ request: SimulatorRequest, _ portal: Portal) async throws -> SimulatorResponse {
        let place = request.segments.dropFirst().joined(separator: "/")
        do {
            try check(host: request.host, request.headers, portal)
            switch (request.method, request.segments.isEmpty ? "/" : place) {
            case ("GET", "/"): return HomePage.answer
            // A client that asks before deletions in portals knows by it that this is none. The address tells one that came
            // through something else, which might lead to a portal the next time.
            case ("GET", "identity"):
                return SimulatorResponse(
                    200,
                    [
                        "simulator": "moonspot", "url": .string(portal.publicURL),
                        "search_lag_ms": .integer(portal.searchLag ?? 0),
                    ])
            case ("GET", "stats"): return SimulatorResponse(200, stats(portal))
            case ("POST", "reset"):
                try await portal.reset()
                return SimulatorResponse(200, ["status": "reset"])
            case ("GET", "token"): return try HomePage.token(request, portal)
            case ("GET", "records"): return SimulatorResponse(200, try await RecordsView.json(portal, request.query))
            case ("GET", "portal"): return SimulatorResponse(200, try await PortalView.json(portal))
            case ("GET", "submissions"):
                let all = try await SubmissionsView.entries(portal)
                return SimulatorResponse(200, ["results": .array(all.map(\.json))])
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

    /// - Throws: 403 for another site's request.
    static func check(host: String?, _ headers: HTTPFields, _ portal: Portal) throws(APIError) {
        try OwnHost.check(host, servedAs: portal.options.host)
        // A browser sends a plain post for a page of any address, and needs no permission of the server's.
        if let origin = headers[.origin], !portal.workbenchAddress.isOwn(origin) {
            throw APIError(
                403, "The simulator's own paths are open to its own page and to programs, to no other site")
        }
    }

    /// The year 9000: times of answers have four digits for the year.
    private static let lastMoment: Int64 = 221_845_392_000_000

    static func stats(_ portal: Portal) -> JSONValue {
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

    /// The last requests after a number.
    private static func requests(_ portal: Portal, _ query: Query) -> JSONValue {
        let entries = portal.statistics.entries(after: query.first("after").flatMap { Int($0) } ?? 0)
        return ["results": .array(entries.map(\.json))]
    }
}

extension Statistics.Entry {
    /// As the home page shows it.
    var json: JSONValue {
        [
            "number": .integer(number), "at": .string(Timestamp.iso(at)), "method": .string(method),
            "path": .string(path), "status": .integer(status), "query": .string(query),
            "milliseconds": .number(String(milliseconds)),
        ]
    }
}
