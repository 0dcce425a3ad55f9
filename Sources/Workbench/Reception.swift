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
    private let correlationID = UUID().uuidString.lowercased()
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
        if let answer = settings.trouble.answer(form: submission.formID, correlationID: correlationID) {
            log(.troubled, answer, "answered by the switch above: \(settings.trouble.label)")
            return answer
        }
        if settings.trouble == .slow { try await Task.sleep(for: Trouble.delay) }
        do throws(WorkbenchProblem) {
            if let rehearsed = try await rehearsal(settings) { return rehearsed }
            if settings.trouble == .late, let later {
                let rehearsed = try await rehearse()
                // What HubSpot refuses it refuses at once.
                if rehearsed.isAccepted { return putOff(rehearsed, later) }
            }
        } catch {
            return failed(error)
        }
        let watch = await ContactWatch(workbench, submission, number: number)
        do {
            let answer = try await deliver(submission)
            // Where the workbench itself carries it, the website's token is not looked at.
            let isOwn = submission.isSecure && later != nil
            log(.delivered, answer, isOwn ? "sent with this session's credential, not with the token that came" : nil)
            if answer.isAccepted { watch?.begin() }
            return answer
        } catch let problem as WorkbenchProblem {
            return failed(problem)
        } catch {
            log(.failed, nil, "the connection was closed without an answer")
            throw error
        }
    }

    /// The answer where nothing is to be sent: nobody has agreed to send to a real portal, or this is a dry run.
    private func rehearsal(_ settings: WorkbenchSettings) async throws(WorkbenchProblem) -> SubmissionAnswer? {
        let facts = try await workbench.portal.facts()
        guard facts.isDryRun || facts.isReal && settings.sendsTo != facts.id else { return nil }
        let answer = try await rehearse()
        let reason = facts.isDryRun ? "This is a dry run." : "Tick “send to portal \(facts.id)” to send."
        log(.rehearsed, answer, "nothing was sent: the form's definition says this. \(reason)")
        return answer
    }

    /// The answer that HubSpot would give by the form's definition.
    private func rehearse() async throws(WorkbenchProblem) -> SubmissionAnswer {
        let (form, read) = try await workbench.portal.read(submission)
        if let refusal = WebForm.Refusal(await workbench.portal.problems(in: read, to: form)) {
            return SubmissionAnswer(refusal, correlationID: correlationID)
        }
        return SubmissionAnswer.json(200, form.acceptance, correlationID: correlationID)
    }

    private func putOff(_ answer: SubmissionAnswer, _ deliver: @escaping Workbench.Delivery) -> SubmissionAnswer {
        log(.putOff, answer, "answered at once, and delivered after 5 s")
        workbench.afterwards(isDelivery: true) {
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

    /// HubSpot's own answer where it would refuse the submission; else the workbench's word in the same shape.
    private func failed(_ problem: WorkbenchProblem) -> SubmissionAnswer {
        let answer = SubmissionAnswer(
            problem.refusal ?? WebForm.Refusal(status: problem.status, message: problem.message),
            correlationID: correlationID)
        log(.failed, answer, problem.message)
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
}
