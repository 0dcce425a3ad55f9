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

    /// By this header a page knows what it has sent itself.
    static let pageHeader = "x-workbench-page"

    var json: JSONValue {
        let address = Secrets.masked(submission.address)
        let page = submission.headers.first { $0.name.lowercased() == Self.pageHeader }?.value
        return .object([
            "number": .integer(number), "at": .integer(at), "sender": .string(submission.sender.rawValue),
            "page": page.map { .string($0) },
            "form": .string(submission.formID), "method": "POST", "address": .string(address),
            "headers": Self.lines(Secrets.masked(submission.headers)), "body": Self.text(submission.body),
            "curl": .string(
                CurlLine.text(address, Secrets.masked(submission.headers), submission.body)),
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

/// Headers and addresses as a page may show them.
enum Secrets {
    static let dots = "••••"

    static func masked(_ headers: [HeaderLine]) -> [HeaderLine] {
        headers.filter { $0.name.lowercased() != LoggedSubmission.pageHeader }.map { header in
            guard isSecret(header.name) else { return header }
            let isBearer = header.value.lowercased().hasPrefix("bearer ")
            return HeaderLine(header.name, isBearer ? "Bearer \(dots)" : dots)
        }
    }

    /// An address whose query holds no secret.
    static func masked(_ address: String) -> String {
        guard let mark = address.firstIndex(of: "?") else { return address }
        let query = address[address.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        return address[...mark]
            + query.map { entry in
                guard let equals = entry.firstIndex(of: "="), isSecret(String(entry[..<equals])) else {
                    return String(entry)
                }
                return "\(entry[...equals])\(dots)"
            }.joined(separator: "&")
    }

    /// By the name of a header, or of a query's entry.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["auth", "cookie", "key", "token", "secret", "password", "signature", "code"].contains {
            name.contains($0)
        }
    }
}
