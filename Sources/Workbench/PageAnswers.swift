import JSON
import WebForms

/// The answers to the page: itself, its files, and what it asks.
struct PageAnswers: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        /// A stream that ends when the page or the workbench does.
        case events(AsyncStream<EventHub.Event>)
    }

    struct Answer: Sendable {
        var status = 200
        var contentType: String
        var content: Content
        /// Where to go instead.
        var location: String?

        static func json(_ value: JSONValue, status: Int = 200) -> Answer {
            Answer(status: status, contentType: "application/json;charset=utf-8", content: .bytes(value.bytes))
        }

        static func text(_ text: String) -> Answer {
            Answer(contentType: "text/plain;charset=utf-8", content: .bytes(Array(text.utf8)))
        }

        static func redirect(to path: String) -> Answer {
            var answer = Answer(status: 308, contentType: "text/plain;charset=utf-8", content: .bytes([]))
            answer.location = path
            return answer
        }

        init(_ file: PageFiles.File) { self.init(contentType: file.contentType, content: .bytes(file.bytes)) }

        init(status: Int = 200, contentType: String, content: Content) {
            self.status = status
            self.contentType = contentType
            self.content = content
        }

        init(_ problem: WorkbenchProblem) {
            self = .json(["message": .string(problem.message)], status: problem.status)
        }
    }

    struct Asked: Sendable {
        var method: String
        /// Whole, as it was asked for.
        var path: String
        /// Below the workbench's own path.
        var segments: [String]
        var query: String
        var body: [UInt8]
        var lastEvent: Int
    }

    let workbench: Workbench
    let address: WorkbenchAddress

    /// What a request is for; nil where there is nothing of this name.
    static func purpose(of asked: Asked) -> RequestGuard.Purpose? {
        let isReading = ["GET", "HEAD"].contains(asked.method)
        guard asked.segments.first == "-" else { return isReading && asked.segments.count <= 1 ? .page : nil }
        if asked.segments.count == 3, asked.segments[1] == "files", asked.method == "POST" { return .upload }
        return isReading ? .part : ["POST", "PUT"].contains(asked.method) ? .change : nil
    }

    func answer(_ asked: Asked) async throws(WorkbenchProblem) -> Answer {
        let method = asked.method == "HEAD" ? "GET" : asked.method
        guard asked.segments.first == "-" else { return try await page(asked) }
        let place = Array(asked.segments.dropFirst())
        switch (method, place.first, place.count) {
        case ("GET", "portal", 1): return .json(try await portal())
        case ("GET", "events", 1) where asked.method == "GET":
            let events = workbench.events.listen(
                after: asked.lastEvent, isBack: asked.query.contains("back"))
            workbench.events.tell("settings", workbench.settings.json)
            return Answer(contentType: "text/event-stream;charset=utf-8", content: .events(events))
        case ("GET", "forms", 2): return .json(try await form(place[1]))
        case ("POST", "forms", 3) where place[2] == "check":
            return .json(try await check(place[1], asked.body))
        case ("POST", "forms", 4) where place[2] == "snippets":
            return .text(try await snippet(place[1], place[3], asked.body, isThrough: asked.query.contains("through")))
        case ("POST", "files", 2): return .json(try await upload(place[1], asked.body))
        case ("PUT", "settings", 1):
            guard let request = JSONValue(parsing: asked.body) else { throw WorkbenchProblem(400, "JSON expected") }
            workbench.set(try await workbench.settings.changed(by: request, portal: workbench.portal.facts()))
            return .json(workbench.settings.json)
        case ("GET", let name?, 1):
            guard let file = PageFiles.file(name) else { break }
            return Answer(file)
        default: break
        }
        throw WorkbenchProblem(404, "the workbench has nothing of this name")
    }

    /// The page. It finds its files beside it, so only one spelling of its address will do.
    private func page(_ asked: Asked) async throws(WorkbenchProblem) -> Answer {
        guard let id = asked.segments.first else {
            return asked.path == address.base ? .redirect(to: address.base + "/") : Answer(PageFiles.page)
        }
        if asked.path.hasSuffix("/") { return .redirect(to: String(asked.path.dropLast())) }
        var page = Answer(PageFiles.page)
        // A portal across the network is not waited for: the page itself says what it does not have.
        if try await !workbench.portal.facts().isReal {
            do throws(WorkbenchProblem) { _ = try await workbench.portal.form(id, isFresh: true) } catch {
                page.status = error.status
            }
        }
        return page
    }

    private func portal() async throws(WorkbenchProblem) -> JSONValue {
        let facts = try await workbench.portal.facts()
        let forms = try await workbench.portal.forms()
        return .object([
            "portalId": .integer(facts.id), "title": .string(facts.title), "isReal": .bool(facts.isReal),
            "isDryRun": .bool(facts.isDryRun), "uploadRefusal": .optional(facts.uploadRefusal),
            "opening": .optional(workbench.opening ?? forms.first?.id),
            "goesThrough": .bool(facts.formsHost == nil),
            "forms": .array(forms.map { ["id": .string($0.id), "name": .string($0.name)] }),
            "troubles": .array(
                Trouble.allCases.map { ["name": .string($0.rawValue), "label": .string($0.label)] }),
            "snippets": .array(
                WebForm.SnippetKind.allCases.map { ["name": .string($0.rawValue), "label": .string($0.label)] }),
            "settings": workbench.settings.json,
        ])
    }

    private func form(_ id: String) async throws(WorkbenchProblem) -> JSONValue {
        let facts = try await workbench.portal.facts()
        // A form that has changed in the meantime is there when the page is loaded again.
        let form = try await workbench.portal.form(id, isFresh: true)
        let request = form.request(Self.empty, to: through(facts))
        return ["form": form.document, "address": .string(request.url)]
    }

    /// The request as it is sent, and the problems that HubSpot would find.
    private func check(_ id: String, _ body: [UInt8]) async throws(WorkbenchProblem) -> JSONValue {
        let submission = try Self.submission(body)
        let facts = try await workbench.portal.facts()
        let form = try await workbench.portal.form(id, isFresh: false)
        let request = form.request(submission, to: destination(facts))
        let problems = await workbench.portal.problems(in: submission, to: form)
        return [
            "request": [
                "method": .string(request.method), "url": .string(request.url),
                "headers": .array(request.headers.map { [.string($0.0), .string($0.1)] }), "body": request.body,
            ],
            "problems": .array(
                problems.map {
                    [
                        "field": .optional($0.field), "errorType": .string($0.errorType),
                        "message": .string($0.message),
                        "isRefused": .bool($0.isRefused),
                    ]
                }),
        ]
    }

    /// Code that sends what is typed on the page.
    private func snippet(
        _ id: String, _ name: String, _ body: [UInt8], isThrough: Bool
    ) async throws(WorkbenchProblem) -> String {
        guard let kind = WebForm.SnippetKind(rawValue: name) else {
            throw WorkbenchProblem(404, "no snippet of kind '\(name)'")
        }
        let facts = try await workbench.portal.facts()
        let form = try await workbench.portal.form(id, isFresh: false)
        return form.snippet(
            kind, to: isThrough ? through(facts) : destination(facts), given: try Self.submission(body))
    }

    /// A file for a form's field: its address.
    private func upload(_ name: String, _ content: [UInt8]) async throws(WorkbenchProblem) -> JSONValue {
        let facts = try await workbench.portal.facts()
        if facts.isDryRun { throw WorkbenchProblem(403, "this is a dry run: nothing is uploaded; type an address") }
        guard !facts.isReal || workbench.settings.sendsTo == facts.id else {
            throw WorkbenchProblem(
                403, "the file would go to portal \(facts.id): tick “send to portal \(facts.id)” first")
        }
        if let refusal = facts.uploadRefusal { throw WorkbenchProblem(403, refusal) }
        let isName = !name.isEmpty && !name.contains("/") && name.utf8.count <= 255
        guard isName, !content.isEmpty else { throw WorkbenchProblem(400, "a file with a name and content expected") }
        return ["url": .string(try await workbench.portal.upload(name, content))]
    }

    private static func submission(_ body: [UInt8]) throws(WorkbenchProblem) -> WebForm.Submission {
        do throws(WebForm.Refusal) {
            return try WebForm.Submission(received: body, isSecure: false)
        } catch {
            throw WorkbenchProblem(error, "a submission expected: \(error.message)")
        }
    }

    private static let empty = WebForm.Submission(fields: [])

    /// Where a website's submissions go at last.
    private func destination(_ facts: PortalFacts) -> WebForm.Destination {
        WebForm.Destination(host: facts.formsHost ?? address.submissions, portalID: facts.id)
    }

    /// Where they go so that they show in the log.
    private func through(_ facts: PortalFacts) -> WebForm.Destination {
        WebForm.Destination(host: address.submissions, portalID: facts.id)
    }
}
