import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Wire
import Workbench

/// `/_simulator/events`: what changes, told to the home page as it happens (source: the HTML standard, server-sent events).
/// A page that opens, or comes back, is told everything anew.
struct HomeEvents: Sendable {
    static let path = "/_simulator/events"

    let portal: Portal

    /// Changes that come close together are told together.
    private static let pause: Duration = .milliseconds(200)
    /// Counting a large portal takes a moment, so it is counted no more often.
    private static let portalPause: Duration = .seconds(2)
    /// How often a stream that has nothing to tell says that it still stands: else a page that was closed is noticed late.
    private static let beat: Duration = .seconds(15)
    /// The page shows no more submissions.
    private static let shownSubmissions = 50

    /// - Throws: 403 for another site's request.
    func response(to request: Request) throws(APIError) -> Response {
        try ControlAPI.check(host: request.head.authority, request.headers, portal)
        var fields = HTTPFields()
        for header in WorkbenchAddress.pageHeaders {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        fields[.contentType] = "text/event-stream;charset=utf-8"
        return Response(status: .ok, headers: fields, body: ResponseBody { try await write(&$0) })
    }

    /// What a page has been told.
    private struct Told {
        var requests = 0
        var submission: Int64 = 0
        var portal: ContinuousClock.Instant?
        /// Whether something has happened since the portal was told.
        var isStale = true
        /// How far the portal's time is before this machine's, in seconds: a test may move it.
        var ahead: Int64 = 0
    }

    @concurrent private func write(_ writer: inout any ResponseBodyWriter) async throws {
        let (changes, now) = portal.statistics.changes()
        let clock = ContinuousClock()
        let alarm = Task {
            while true {
                try await Task.sleep(for: Self.portalPause)
                now.yield()
            }
        }
        defer {
            alarm.cancel()
            now.finish()
        }
        var told = Told()
        var spoken = clock.now
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        for await _ in changes {
            let text = try await news(&told, clock.now)
            if !text.isEmpty || clock.now - spoken >= Self.beat {
                try await writer.write(ByteBuffer(string: text.isEmpty ? ": still here\n\n" : text))
                spoken = clock.now
            }
            try await Task.sleep(for: Self.pause)
        }
        try await writer.finish(nil)
    }

    private static func wallTime() -> Int64 {
        let time = Date().timeIntervalSince1970
        return Int64(time * 1000)
    }

    private func news(_ told: inout Told, _ now: ContinuousClock.Instant) async throws -> String {
        var text = ""
        func tell(_ name: String, _ data: JSONValue) { text += "event: \(name)\ndata: \(data.text)\n\n" }
        let count = portal.statistics.counts.requests
        if count < told.requests {
            told = Told()
            tell("reset", [:])
        }
        let requests = portal.statistics.entries(after: told.requests)
        if !requests.isEmpty || told.portal == nil {
            told.requests = requests.last?.number ?? told.requests
            told.isStale = true
            tell("requests", ["stats": ControlAPI.stats(portal), "results": .array(requests.map(\.json))])
        }
        let ahead = (portal.milliseconds() - Self.wallTime()) / 1000
        if abs(ahead - told.ahead) > 1 { (told.isStale, told.ahead) = (true, ahead) }
        if told.isStale, told.portal.map({ now - $0 >= Self.portalPause }) ?? true {
            (told.isStale, told.portal) = (false, now)
            let submissions = try await SubmissionsView.entries(
                portal, after: told.submission, last: Self.shownSubmissions)
            tell("portal", try await PortalView.json(portal))
            if let last = submissions.last {
                told.submission = last.id
                tell("submissions", ["results": .array(submissions.map(\.json))])
            }
        }
        return text
    }
}
