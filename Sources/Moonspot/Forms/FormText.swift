import JSON
import WebForms
import Words

/// Forms as people read them.
struct FormText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?

    func list(_ forms: [WebForm]) -> String {
        let heading = ["NAME", "ID", "FIELDS", ""]
        let rows = forms.map { form in
            [
                form.name.onOneLine, form.id, Counts.grouped(form.fields.count),
                [form.consent == .none ? "" : "consent", form.hasCaptcha ? "captcha" : ""].filter { !$0.isEmpty }
                    .joined(separator: ", "),
            ]
        }
        return table(heading, shortened(rows, 0, beside: heading), alignment: [2: .right])
    }

    /// Name, fields with their rules, consent, captcha, what follows.
    func details(_ form: WebForm) -> String {
        var text = style.bold(form.name.onOneLine) + "\n" + style.dim(form.id) + "\n\n"
        let rows = form.fields.map { field in
            [field.key.onOneLine, field.label.onOneLine, field.type, field.rules.joined(separator: "; ")]
        }
        let heading = ["FIELD", "LABEL", "TYPE", "RULES"]
        text += table(
            heading, wrapped(shortened(rows, 1, beside: heading, leaving: 30), heading), alignment: [3: .loose])
        text += "\n"
        for line in form.consent.words { text += "consent  \(line)\n" }
        if form.hasCaptcha { text += "captcha  HubSpot takes no submission of it by its API\n" }
        switch form.afterSubmit {
        case .message(let html): text += "then     \(PlainText.of(html).onOneLine)\n"
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

    /// Rows whose cells of one column are cut, so that the others are seen whole.
    /// - Parameter least: What is left for the last column, which may take several lines.
    private func shortened(
        _ rows: [[String]], _ column: Int, beside heading: [String], leaving least: Int? = nil
    ) -> [[String]] {
        guard let columns else { return rows }
        let all = AlignedColumns([heading] + rows)
        let others = all.widths.indices.dropLast(least == nil ? 0 : 1).filter { $0 != column }
        let room = columns - all.width(of: Array(others)) - AlignedColumns.gap - (least.map { $0 + 2 } ?? 0)
        guard all.widths[column] > room else { return rows }
        return rows.map { row in
            var row = row
            row[column] = DisplayWidth.cut(row[column], to: max(room, 12))
            return row
        }
    }

    /// Rows whose last column goes on in further lines, where it is longer than the room that the others leave.
    private func wrapped(_ rows: [[String]], _ heading: [String]) -> [[String]] {
        guard let columns else { return rows }
        let all = AlignedColumns([heading] + rows)
        let room = max(20, columns - all.width(of: Array(all.widths.indices.dropLast())) - AlignedColumns.gap)
        return rows.flatMap { row -> [[String]] in
            var lines: [String] = []
            for word in (row.last ?? "").split(separator: " ").map(String.init) {
                if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= room {
                    lines[lines.count - 1] = "\(last) \(word)"
                } else {
                    lines.append(word)
                }
            }
            let blank = [String](repeating: "", count: row.count - 1)
            return [row.dropLast() + [lines.first ?? ""]] + lines.dropFirst().map { blank + [$0] }
        }
    }

    private func table(
        _ heading: [String], _ rows: [[String]], alignment: [Int: AlignedColumns.Alignment]
    ) -> String {
        let lines = AlignedColumns([heading] + rows).lines(alignment: alignment, room: columns)
        return ([style.bold(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }
}
