import JSON
import WebForms
import Words

/// Forms as people read them.
struct FormText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?

    func list(_ forms: [WebForm]) -> String {
        let rows = forms.map { form in
            [
                form.name.onOneLine, form.id, Counts.grouped(form.fields.count),
                form.hasCaptcha ? "captcha" : form.consent == .none ? "" : "consent",
            ]
        }
        return table(["NAME", "ID", "FIELDS", ""], rows, alignment: [2: .right])
    }

    /// Name, fields with their rules, consent, captcha, what follows.
    func details(_ form: WebForm) -> String {
        var text = style.bold(form.name.onOneLine) + "\n" + style.dim(form.id) + "\n\n"
        let rows = form.fields.map { field in
            [field.key, field.label.onOneLine, field.type, field.rules.joined(separator: "; ")]
        }
        text += table(["FIELD", "LABEL", "TYPE", "RULES"], rows, alignment: [3: .loose])
        text += "\n"
        for line in form.consent.words { text += "consent  \(line)\n" }
        if form.hasCaptcha { text += "captcha  HubSpot takes no submission of it by its API\n" }
        switch form.afterSubmit {
        case .message(let message): text += "then     \(message.onOneLine)\n"
        case .redirect(let address): text += "then     to \(address.onOneLine)\n"
        }
        return text
    }

    /// A field for programs.
    static func row(_ field: WebForm.Field) -> JSONValue {
        [
            "key": .string(field.key), "label": .string(field.label), "type": .string(field.type),
            "required": .bool(field.isRequired), "hidden": .bool(field.isHidden),
            "options": .string(field.options.map(\.value).joined(separator: ";")),
            "rules": .string(field.rules.joined(separator: "; ")),
        ]
    }

    private func table(
        _ heading: [String], _ rows: [[String]], alignment: [Int: AlignedColumns.Alignment]
    ) -> String {
        let lines = AlignedColumns([heading] + rows).lines(alignment: alignment, room: columns)
        return ([style.bold(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }
}
