import JSON
import Wire

extension Snippet {
    /// The functions that a script in a page needs, without those for what the form lacks.
    private func functions(withForm: Bool, indent: String) -> String {
        var parts: [String] = []
        let isDependent = form.fields.contains { !$0.conditions.isEmpty }
        parts.append(isDependent ? FormScript.conditions : Self.noConditions)
        parts.append(form.consent == .none ? "const consentOptions = () => undefined;\n" : FormScript.consent)
        parts += [FormScript.submission, FormScript.answer]
        if withForm { parts.append(FormScript.form) }
        return parts.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : indent + $0 }.joined(separator: "\n")
    }

    private static let noConditions =
        "// No field depends on another.\nconst shownKeys = (model) => new Set(model.fields.map((field) => field.key));\n"

    /// What the functions must know of the form; with its words, where the script draws it.
    private func model(withWords: Bool) -> JSONValue {
        let document = form.document
        guard !withWords else { return document }
        let fields = (document["fields"]?.array ?? []).map { field in
            JSONValue.object((field.members ?? []).filter { Self.needed.contains($0.key) })
        }
        return ["fields": .array(fields), "consent": document["consent"] ?? .null]
    }

    private static let needed: Set = ["key", "name", "objectTypeId", "type", "dependent_on"]

    var fetch: String {
        Template(PackageResources.fetch_js_template).filled([
            "title": SourceText.javaScript.string(form.name), "notes": notes("//", Self.serverUploads),
            "keys": SourceText.javaScript.string(form.fields.map(\.key).joined(separator: ", ")),
            "url": SourceText.javaScript.string(url),
            "model": SourceText.javaScript.value(model(withWords: false), indent: "  "),
            "functions": functions(withForm: false, indent: "  "),
            "values": SourceText.javaScript.value(exampleObject), "agreed": SourceText.javaScript.value(agreed),
        ])
    }

    var html: String {
        let id = "hubspot-form"
        return Template(PackageResources.page_html_template).filled([
            "language": Markup.escaped(form.language), "title": Markup.escaped(form.name), "id": id,
            "notes": notes("  //", Self.serverUploads),
            "fields": FormMarkup(form: form, given: given).text, "submit": Markup.escaped(form.submitText),
            "url": SourceText.javaScript.string(url), "idText": SourceText.javaScript.string(id),
            "model": SourceText.javaScript.value(model(withWords: false), indent: "  "),
            "functions": functions(withForm: true, indent: "  "),
        ])
    }

    var react: String {
        let initial = form.fields.compactMap { field -> JSONValue.Member? in
            let own = given.last { $0.objectTypeID == field.objectTypeID && $0.name == field.name }?.value
            let value = own ?? field.defaultValue
            return value.isEmpty ? nil : .init(field.key, .string(value))
        }
        return Template(PackageResources.component_jsx_template).filled([
            "title": SourceText.javaScript.string(form.name), "notes": notes("//", Self.serverUploads),
            "url": SourceText.javaScript.string(url),
            "model": SourceText.javaScript.value(model(withWords: true)),
            "functions": functions(withForm: false, indent: ""),
            "values": SourceText.javaScript.value(.object(initial)),
        ])
    }
}
