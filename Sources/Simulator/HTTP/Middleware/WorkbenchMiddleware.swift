import HTTPTypes
import Synchronization
import Workbench

/// Shows form submissions on the workbench's page, which may answer them in the portal's place.
struct WorkbenchMiddleware: SimulatorMiddleware {
    let portal: Portal
    let workbench: Workbench

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        guard let submission = ArrivedSubmission(request, at: portal.workbenchAddress) else {
            return try await next(request, context)
        }
        portal.makeContactsLate(by: workbench.makesContactsLate ?? .zero)
        let own = Mutex<SimulatorResponse?>(nil)
        let answer = try await workbench.receive(submission) { _ in
            let response = try await next(request, context)
            own.withLock { $0 = response }
            return SubmissionAnswer(response)
        }
        // The portal's answer goes out as it is, with what a fault has made of it.
        if let response = own.withLock({ $0 }) { return response }
        return SimulatorResponse(answer)
    }
}

extension ArrivedSubmission {
    /// Nil for any other request.
    fileprivate init?(_ request: SimulatorRequest, at address: @autoclosure () -> WorkbenchAddress) {
        let parts = request.segments
        guard request.method == "POST", parts.prefix(3) == ["submissions", "v3", "integration"] else { return nil }
        let isSecure = parts.count == 7 && parts[3] == "secure" && parts[4] == "submit"
        guard isSecure || parts.count == 6 && parts[3] == "submit" else { return nil }
        let address = address()
        self.init(
            sender: address.isOwn(request.headers[.origin]) ? .page : .site, address: address.origin + request.target,
            portalID: parts[parts.count - 2], formID: parts[parts.count - 1], isSecure: isSecure,
            headers: request.headers.map { HeaderLine($0.name.rawName, $0.value) }, body: request.body)
    }
}

extension SubmissionAnswer {
    fileprivate init(_ response: SimulatorResponse) {
        let type = response.contentType.map { [HeaderLine("Content-Type", $0)] } ?? []
        self.init(
            response.status, type + response.headers.map { HeaderLine($0.0, $0.1) }, body: response.body)
    }
}

extension SimulatorResponse {
    fileprivate init(_ answer: SubmissionAnswer) {
        self.init(answer.status, json: answer.body)
        contentType = nil
        headers = answer.headers.map { ($0.name, $0.value) }
    }
}
