import JSON

extension WebForm {
    /// Code that submits the form and runs as it stands. It holds no token: where `isSecure`, it reads one from the environment.
    /// - Parameters:
    ///   - given: What is put in for the visitor's answers, for the page where the code has none of its own, and for what the
    ///     visitor agrees to; for the rest values that HubSpot takes.
    ///   - isSecure: With a token; not for kinds without ``SnippetKind/allowsToken``.
    package func snippet(
        _ kind: SnippetKind, to destination: Destination, given: Submission = Submission(fields: []),
        isSecure: Bool = false
    ) -> String {
        precondition(!isSecure || kind.allowsToken)
        let snippet = Snippet(
            form: self, url: destination.url(form: id, isSecure: isSecure), portalID: destination.portalID,
            submission: given, isSecure: isSecure)
        return switch kind {
        case .fetch: snippet.fetch
        case .html: snippet.html
        case .curl: snippet.curl
        case .react: snippet.react
        case .python: snippet.python
        case .lua: snippet.lua
        }
    }
}

/// What all kinds of code for a form have in common.
struct Snippet {
    let form: WebForm
    let url: String
    let portalID: Int64
    let submission: WebForm.Submission
    let isSecure: Bool

    /// What a person has typed.
    var given: [WebForm.Submission.Value] { submission.fields }

    var examples: [WebForm.Submission.Value] { form.examples(given) }

    /// The page, where the code runs in none: as it was typed, else made up.
    var context: JSONValue {
        let page: JSONValue = ["pageUri": "https://www.example.org/contact", "pageName": .string(form.name)]
        return (submission.context?.parsed.members ?? []).reduce(page) { $0.setting($1.key, to: $1.value) }
    }

    /// What the visitor agrees to: what was ticked, where HubSpot takes that, else everything that the form asks for.
    var consent: JSONValue? {
        let isTaken = ConsentRules.problems(of: submission.legalConsentOptions, form: form).isEmpty
        return isTaken ? submission.legalConsentOptions ?? form.everythingAgreed : form.everythingAgreed
    }

    /// A comment on what the code cannot do by itself; empty where there is nothing to say.
    /// - Parameters:
    ///   - mark: What a line of a comment begins with.
    ///   - upload: What uploads a file, and answers its address.
    func notes(_ mark: String, _ upload: String) -> String {
        var notes = form.consent.substitutes
        if form.hasCaptcha {
            notes.append(
                "The form has a captcha: HubSpot refuses what this code sends, until captcha is off for the form.")
        }
        let keys = form.fields.filter { $0.type == "file" }.map { SourceText.javaScript.string($0.key) }
        if !keys.isEmpty {
            notes += [
                "\(keys.joined(separator: ", ")): the address of a file that was uploaded before. Submissions hold no files.",
                upload,
            ]
        }
        return notes.map { "\(mark) \($0)\n" }.joined()
    }

    /// For code that holds no session of its own.
    static let serverUploads =
        "A server uploads it with a token of scope files (POST https://api.hubapi.com/files/v3/files), and sends on its url."

    /// Example values by their fields' keys.
    var exampleObject: JSONValue {
        .object(examples.map { .init(WebForm.Field.key($0.objectTypeID, $0.name), .string($0.value)) })
    }

    /// The same as `FormScript`'s functions take it.
    var agreed: JSONValue {
        let boxes = (consent?["consent"]?["communications"]?.array ?? []).compactMap { box in
            box["subscriptionTypeId"]?.integer.map { JSONValue.Member(String($0), box["value"] ?? false) }
        }
        return ["process": true, "communications": .object(boxes)]
    }
}
