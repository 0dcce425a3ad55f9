import JSON

extension WebForm {
    /// Code that submits the form and runs as it stands. It holds no token: where `isSecure`, it reads one from the environment.
    /// - Parameters:
    ///   - values: What is put in for the visitor's answers; for the rest values that HubSpot takes.
    ///   - isSecure: With a token; not for kinds without ``SnippetKind/allowsToken``.
    package func snippet(
        _ kind: SnippetKind, to destination: Destination, values: [Submission.Value] = [], isSecure: Bool = false
    ) -> String {
        precondition(!isSecure || kind.allowsToken)
        let snippet = Snippet(
            form: self, url: destination.url(form: id, isSecure: isSecure), portalID: destination.portalID,
            given: values, isSecure: isSecure)
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
    let given: [WebForm.Submission.Value]
    let isSecure: Bool

    static let page = "https://www.example.org/contact"

    var examples: [WebForm.Submission.Value] { form.examples(given) }

    /// Example values by their fields' keys.
    var exampleObject: JSONValue {
        .object(examples.map { .init(WebForm.Field.key($0.objectTypeID, $0.name), .string($0.value)) })
    }

    /// Everything agreed to, as `FormScript`'s functions take it.
    var agreed: JSONValue {
        let boxes = (form.consent.texts?.communications ?? []).map {
            JSONValue.Member(String($0.subscriptionTypeID), true)
        }
        return ["process": true, "communications": .object(boxes)]
    }
}
