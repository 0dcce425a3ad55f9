import Foundation
import JSON
import WebForms

extension Workbench {
    package typealias Delivery = @Sendable (ArrivedSubmission) async throws -> SubmissionAnswer

    /// Whether a contact is to appear some time after the answer, and how long.
    package var makesContactsLate: Duration? { settings.trouble == .late ? Trouble.delay : nil }

    /// Takes in a submission of the page or of a website: answers it as is set on the page, or has it delivered, and logs
    /// both.
    ///
    /// - Parameters:
    ///   - deliver: Has the portal carry it out. What it throws, this throws.
    ///   - later: The same after the answer; nil where the carrier sees to it that the contact appears later
    ///     (``makesContactsLate``).
    package func receive(
        _ submission: ArrivedSubmission, later: Delivery? = nil,
        deliver: (ArrivedSubmission) async throws -> SubmissionAnswer
    ) async throws -> SubmissionAnswer {
        let reception = Reception(workbench: self, submission: submission, number: nextNumber())
        return reception.opened(try await reception.answer(deliver, later))
    }
}

/// One submission on its way in and its answer on the way out.
private struct Reception: Sendable {
    let workbench: Workbench
    let submission: ArrivedSubmission
    let number: Int
    let at = Clock.milliseconds()
    private let begun = ContinuousClock.now

    init(workbench: Workbench, submission: ArrivedSubmission, number: Int) {
        self.workbench = workbench
        self.submission = submission
        self.number = number
    }

    func answer(
        _ deliver: (ArrivedSubmission) async throws -> SubmissionAnswer, _ later: Workbench.Delivery?
    ) async throws -> SubmissionAnswer {
        let settings = workbench.settings
        if let answer = settings.trouble.answer(form: submission.formID, correlationID: Self.correlationID()) {
            log(.troubled, answer, "answered by the switch above: \(settings.trouble.label)")
            return answer
        }
        if settings.trouble == .slow { try await Task.sleep(for: Trouble.delay) }
        do throws(WorkbenchProblem) {
            if let refusal = try await refusalOfPortal(settings) { return refusal }
            if settings.trouble == .late, let later {
                let rehearsed = try await rehearse()
                // What HubSpot refuses it refuses at once.
                if rehearsed.isAccepted { return putOff(rehearsed, later) }
            }
        } catch {
            let answer = Self.answer(to: error)
            log(.failed, answer, error.message)
            return answer
        }
        let watch = await ContactWatch(workbench, submission, number: number)
        do {
            let answer = try await deliver(submission)
            log(.delivered, answer)
            if answer.isAccepted { watch?.begin() }
            return answer
        } catch let problem as WorkbenchProblem {
            let answer = Self.answer(to: problem)
            log(.failed, answer, problem.message)
            return answer
        } catch {
            log(.failed, nil, "the connection was closed without an answer")
            throw error
        }
    }

    /// The answer where a real portal stands behind the workbench and nobody has agreed to send to it.
    private func refusalOfPortal(_ settings: WorkbenchSettings) async throws(WorkbenchProblem) -> SubmissionAnswer? {
        let facts = try await workbench.portal.facts()
        guard facts.isReal, settings.sendsTo != facts.id else { return nil }
        let answer = try await rehearse()
        log(
            .rehearsed, answer,
            "nothing was sent: the form's definition says this. Tick “send to portal \(facts.id)” to send.")
        return answer
    }

    /// The answer that HubSpot would give by the form's definition.
    private func rehearse() async throws(WorkbenchProblem) -> SubmissionAnswer {
        let form = try await workbench.portal.form(submission.formID, isFresh: false)
        guard let read = WebForm.Submission(arrived: submission) else {
            return Self.answer(to: WorkbenchProblem(400, "Invalid input JSON: no submission"))
        }
        let refusals = await workbench.portal.problems(in: read, to: form).filter(\.isRefused)
        guard refusals.isEmpty else {
            return Self.json(
                400,
                [
                    "status": "error", "message": "The request is not valid",
                    "correlationId": .string(Self.correlationID()),
                    "errors": .array(
                        refusals.map { problem in
                            let place = problem.field.map { $0.contains(".") ? $0 : "fields.\($0)" }
                            return [
                                "message": .string((place.map { "Error in '\($0)'. " } ?? "") + problem.message),
                                "errorType": .string(problem.errorType),
                            ]
                        }),
                ])
        }
        switch form.afterSubmit {
        case .message(let text): return Self.json(200, ["inlineMessage": .string(text)])
        case .redirect(let address): return Self.json(200, ["redirectUri": .string(address)])
        }
    }

    private func putOff(_ answer: SubmissionAnswer, _ deliver: @escaping Workbench.Delivery) -> SubmissionAnswer {
        log(.putOff, answer, "answered at once, and delivered after 5 s")
        workbench.afterwards {
            let watch = await ContactWatch(workbench, submission, number: number)
            watch?.tell()
            do {
                try await Task.sleep(for: Trouble.delay)
                let late = try await deliver(submission)
                guard late.isAccepted else { return log(.failed, late, "the late delivery was refused") }
                watch?.begin()
            } catch {
                log(.failed, nil, "the late delivery failed")
            }
        }
        return answer
    }

    /// An answer as HubSpot's public endpoint gives it: any page may read it.
    func opened(_ answer: SubmissionAnswer) -> SubmissionAnswer {
        let openness = "Access-Control-Allow-Origin"
        guard !submission.isSecure, !answer.headers.contains(where: { $0.name.lowercased() == openness.lowercased() })
        else { return answer }
        var answer = answer
        answer.headers.append(HeaderLine(openness, "*"))
        return answer
    }

    private func log(_ outcome: LoggedSubmission.Outcome, _ answer: SubmissionAnswer?, _ note: String? = nil) {
        let taken = ContinuousClock.now - begun
        let logged = LoggedSubmission(
            number: number, at: at, submission: submission, outcome: outcome, answer: answer.map(opened),
            milliseconds: Int64(taken / .milliseconds(1)), note: note)
        workbench.events.publish("submission", logged.json)
    }

    private static func answer(to problem: WorkbenchProblem) -> SubmissionAnswer {
        json(
            problem.status,
            ["status": "error", "message": .string(problem.message), "correlationId": .string(correlationID())])
    }

    private static func json(_ status: Int, _ body: JSONValue) -> SubmissionAnswer {
        SubmissionAnswer(status, [HeaderLine("Content-Type", "application/json;charset=utf-8")], body: body.bytes)
    }

    private static func correlationID() -> String { UUID().uuidString.lowercased() }
}

extension WebForm.Submission {
    /// Nil where the body is no submission.
    init?(arrived submission: ArrivedSubmission) {
        guard let body = JSONValue(parsing: submission.body) else { return nil }
        self.init(body: body, isSecure: submission.isSecure)
    }
}
