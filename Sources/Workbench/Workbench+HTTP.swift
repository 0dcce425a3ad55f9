import HTTPTypes
package import Hummingbird
import NIOCore

extension Workbench {
    /// Longer bodies are refused.
    package static let longestBody = 4 << 20

    /// Answers what lies below the workbench's own path; nil for what lies elsewhere.
    package func respond(to request: Request, at address: WorkbenchAddress) async -> Response? {
        guard let segments = address.segments(of: request.uri.path) else { return nil }
        var asked = PageAnswers.Asked(
            method: request.method.rawValue, path: request.uri.path, segments: segments,
            query: request.uri.query ?? "", body: [],
            lastEvent: Self.lastEvent(request))
        var answer: PageAnswers.Answer
        do throws(WorkbenchProblem) {
            guard let purpose = PageAnswers.purpose(of: asked) else {
                throw WorkbenchProblem(404, "the workbench has nothing of this name")
            }
            if let refusal = RequestGuard(hosts: address.hosts).refusal(of: .init(request), for: purpose) {
                throw refusal
            }
            asked.body = try await Self.body(of: request, upTo: purpose.longestBody)
            answer = try await PageAnswers(workbench: self, address: address).answer(asked)
        } catch {
            answer = PageAnswers.Answer(error)
        }
        if asked.method == "HEAD" { answer.content = .bytes([]) }
        return Response(answer)
    }

    /// What a page has heard already: a browser says it where it comes back by itself, the page where it has closed the stream.
    private static func lastEvent(_ request: Request) -> Int {
        let told = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        return (told ?? request.uri.queryParameters["after"].map(String.init)).flatMap { Int($0) } ?? 0
    }

    static func body(of request: Request, upTo most: Int = longestBody) async throws(WorkbenchProblem) -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: most).readableBytesView)
        } catch {
            throw WorkbenchProblem(413, "the body is longer than \(most >> 20) MiB, or broke off")
        }
    }
}

extension RequestGuard.Asked {
    init(_ request: Request) { self.init(host: request.head.authority, request.headers) }

    init(host: String?, _ headers: HTTPFields) {
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        self.init(
            host: host, origin: headers[.origin], contentType: headers[.contentType],
            site: field("Sec-Fetch-Site"), mode: field("Sec-Fetch-Mode"))
    }
}

extension Response {
    init(_ answer: PageAnswers.Answer) {
        var fields = HTTPFields()
        for line in [HeaderLine("Content-Type", answer.contentType)] + PageFiles.headers {
            if let name = HTTPField.Name(line.name) { fields[name] = line.value }
        }
        if let location = answer.location { fields[.location] = location }
        let body: ResponseBody =
            switch answer.content {
            case .bytes(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .events(let events): ResponseBody { try await Self.write(events, &$0) }
            }
        self.init(status: .init(code: answer.status), headers: fields, body: body)
    }

    /// How often a stream says that it still stands: else a page that was closed would be noticed with the next event.
    private static let beat: Duration = .seconds(15)

    @concurrent private static func write(
        _ events: AsyncStream<EventHub.Event>, _ writer: inout any ResponseBodyWriter
    ) async throws {
        let (texts, continuation) = AsyncStream.makeStream(of: String.self)
        // The first bytes tell the page that the stream stands.
        continuation.yield("retry: 1000\n\n")
        let reader = Task {
            for await event in events { continuation.yield(event.text) }
            continuation.finish()
        }
        let beats = Task {
            while true {
                try await Task.sleep(for: beat)
                continuation.yield(": still here\n\n")
            }
        }
        defer {
            reader.cancel()
            beats.cancel()
        }
        for await text in texts { try await writer.write(ByteBuffer(string: text)) }
        try await writer.finish(nil)
    }
}
