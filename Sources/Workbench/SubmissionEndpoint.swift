import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import WebForms

/// The paths by which HubSpot takes submissions, below a workbench's own.
struct SubmissionEndpoint: Sendable, Equatable {
    var portalID: String
    var formID: String
    var isSecure: Bool

    /// Nil for any other path.
    init?(_ segments: [String]) {
        guard segments.prefix(3) == ["submissions", "v3", "integration"] else { return nil }
        switch Array(segments.dropFirst(3)) {
        case let rest where rest.count == 3 && rest[0] == "submit":
            (portalID, formID, isSecure) = (rest[1], rest[2], false)
        case let rest where rest.count == 4 && rest[0] == "secure" && rest[1] == "submit":
            (portalID, formID, isSecure) = (rest[2], rest[3], true)
        default: return nil
        }
    }

    func respond(
        to request: Request, _ workbench: Workbench, _ portal: any SubmittingPortal, _ address: WorkbenchAddress
    ) async throws -> Response {
        switch request.method {
        case .post:
            let body: [UInt8]
            do throws(WorkbenchProblem) { body = try await Workbench.body(of: request) } catch {
                return Response(PageAnswers.Answer(error))
            }
            let submission = ArrivedSubmission(
                sender: address.isOwn(request.headers[.origin]) ? .page : .site,
                address: address.origin + request.uri.string, portalID: portalID,
                formID: formID, isSecure: isSecure, headers: Self.lines(request.headers), body: body)
            let delivery: Workbench.Delivery = { try await deliver($0, portal) }
            let answer = try await workbench.receive(submission, later: delivery, deliver: delivery)
            return Response(answer)
        case .options where !isSecure: return preflight(request)
        default: return Response(status: .methodNotAllowed)
        }
    }

    private func deliver(
        _ submission: ArrivedSubmission, _ portal: any SubmittingPortal
    ) async throws(WorkbenchProblem) -> SubmissionAnswer {
        let (form, read) = try await portal.read(submission)
        return try await portal.deliver(read, to: form.id)
    }

    /// A browser's question before it sends from another origin, answered as HubSpot answers it.
    private func preflight(_ request: Request) -> Response {
        var fields = HTTPFields()
        func set(_ name: String, _ value: String) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let wanted = HTTPField.Name("Access-Control-Request-Headers").flatMap { request.headers[$0] }
        set("Access-Control-Allow-Origin", "*")
        set("Access-Control-Allow-Methods", "POST, OPTIONS")
        set("Access-Control-Allow-Headers", wanted ?? "Content-Type")
        set("Access-Control-Max-Age", "180")
        return Response(status: .ok, headers: fields)
    }

    private static func lines(_ headers: HTTPFields) -> [HeaderLine] {
        headers.map { HeaderLine($0.name.rawName, $0.value) }
    }
}

extension Response {
    fileprivate init(_ answer: SubmissionAnswer) {
        var fields = HTTPFields()
        for line in answer.headers {
            if let name = HTTPField.Name(line.name) { fields[name] = line.value }
        }
        self.init(
            status: .init(code: answer.status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
