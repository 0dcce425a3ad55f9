import JSON

/// A submission and its answer as the log shows them: every secret is masked.
struct LoggedSubmission: Sendable {
    /// What became of it.
    enum Outcome: String, Sendable {
        case delivered
        /// Judged by the definition alone: nobody has agreed to send to the real portal.
        case rehearsed
        /// ``Trouble`` answered.
        case troubled
        /// Answered as accepted, and delivered later.
        case putOff = "put_off"
        /// No answer came.
        case failed
    }

    var number: Int
    /// Milliseconds since 1970.
    var at: Int64
    var submission: ArrivedSubmission
    var outcome: Outcome
    var answer: SubmissionAnswer?
    var milliseconds: Int64
    /// A word for the person who looks.
    var note: String?

    var json: JSONValue {
        .object([
            "number": .integer(number), "at": .integer(at), "sender": .string(submission.sender.rawValue),
            "form": .string(submission.formID), "method": "POST", "address": .string(submission.address),
            "headers": Self.lines(Secrets.masked(submission.headers)), "body": Self.text(submission.body),
            "curl": .string(
                CurlLine.text(submission.address, Secrets.masked(submission.headers), submission.body)),
            "outcome": .string(outcome.rawValue), "status": answer.map { .integer($0.status) } ?? .null,
            "answerHeaders": Self.lines(answer?.headers ?? []), "answer": Self.text(answer?.body ?? []),
            "milliseconds": .integer(milliseconds), "note": note.map { .string($0) },
        ])
    }

    /// Longer bodies are cut on the page.
    private static let longestBody = 100_000

    private static func text(_ body: [UInt8]) -> JSONValue {
        .string(String(decoding: body.prefix(longestBody), as: UTF8.self))
    }

    private static func lines(_ headers: [HeaderLine]) -> JSONValue {
        .array(headers.map { [.string($0.name), .string($0.value)] })
    }
}

/// Headers as a page may show them.
enum Secrets {
    static let dots = "••••"
    private static let names: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token",
    ]

    static func masked(_ headers: [HeaderLine]) -> [HeaderLine] {
        headers.map { header in
            guard names.contains(header.name.lowercased()) else { return header }
            let isBearer = header.value.lowercased().hasPrefix("bearer ")
            return HeaderLine(header.name, isBearer ? "Bearer \(dots)" : dots)
        }
    }
}
