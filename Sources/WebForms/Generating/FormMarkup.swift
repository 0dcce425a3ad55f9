import JSON
import Wire

/// A form's fields as HTML.
struct FormMarkup {
    let form: WebForm
    let given: [WebForm.Submission.Value]

    var text: String {
        var parts: [String] = []
        var group = -1
        for field in form.fields {
            if field.group > group {
                parts += form.texts.filter { (group + 1...field.group).contains($0.group) }.map { paragraph($0.text) }
                group = field.group
            }
            parts.append(field.isHidden ? hidden(field) : visible(field))
        }
        parts += form.texts.filter { $0.group > group }.map { paragraph($0.text) } + consent
        return parts.joined(separator: "\n")
    }

    private func value(_ field: WebForm.Field) -> String {
        given.last { $0.objectTypeID == field.objectTypeID && $0.name == field.name }?.value ?? field.defaultValue
    }

    private func paragraph(_ text: String) -> String { "<p dir=\"auto\">\(Markup.escaped(text))</p>" }

    private func hidden(_ field: WebForm.Field) -> String {
        "<div data-field=\"\(Markup.escaped(field.key))\" hidden>"
            + "<input type=\"hidden\"\(attributes(field)) value=\"\(Markup.escaped(value(field)))\"></div>"
    }

    private func visible(_ field: WebForm.Field) -> String {
        let key = Markup.escaped(field.key)
        let mark = field.isRequired ? " *" : ""
        let label = Markup.escaped(field.label) + mark
        let isGroup = ["radio", "multiple_checkboxes", "payment_link_radio"].contains(field.type)
        var lines = ["<div data-field=\"\(key)\">"]
        lines += isGroup ? ["<fieldset>", "<legend dir=\"auto\">\(label)</legend>"] : []
        if !isGroup { lines.append("<label for=\"\(key)\" dir=\"auto\">\(label)</label>") }
        lines += controls(field)
        if isGroup { lines.append("</fieldset>") }
        if !field.description.isEmpty {
            lines.append("<small dir=\"auto\">\(Markup.escaped(field.description))</small>")
        }
        return (lines + ["<p data-error=\"\(key)\" role=\"alert\"></p>", "</div>"]).joined(separator: "\n")
    }

    private func controls(_ field: WebForm.Field) -> [String] {
        let common = " id=\"\(Markup.escaped(field.key))\"\(attributes(field))"
        let value = value(field)
        let chosen = field.takesSeveral ? value.split(separator: ";").map(String.init) : [value]
        switch field.type {
        case "multi_line_text": return ["<textarea\(common)>\n\(Markup.escaped(value))</textarea>"]
        case "single_checkbox": return ["<input type=\"checkbox\"\(common)\(value == "true" ? " checked" : "")>"]
        case "dropdown":
            return ["<select\(common)>", "<option value=\"\"></option>"]
                + field.options.map { option in
                    "<option value=\"\(Markup.escaped(option.value))\"\(option.value == value ? " selected" : "")>"
                        + "\(Markup.escaped(option.label))</option>"
                } + ["</select>"]
        case "radio", "multiple_checkboxes", "payment_link_radio":
            let type = field.takesSeveral ? "checkbox" : "radio"
            return field.options.map { option in
                "<label dir=\"auto\"><input type=\"\(type)\" name=\"\(Markup.escaped(field.key))\" "
                    + "value=\"\(Markup.escaped(option.value))\"\(chosen.contains(option.value) ? " checked" : "")> "
                    + "\(Markup.escaped(option.label))</label>"
            }
        default:
            let shown = field.type == "datepicker" ? Self.day(value) : value
            return [
                "<input type=\"\(Self.inputType(field))\"\(common)\(limits(field)) "
                    + "value=\"\(Markup.escaped(shown))\">"
            ]
        }
    }

    private func attributes(_ field: WebForm.Field) -> String {
        var text = " name=\"\(Markup.escaped(field.key))\""
        if !field.placeholder.isEmpty { text += " placeholder=\"\(Markup.escaped(field.placeholder))\"" }
        if field.isRequired, !field.isHidden { text += " required" }
        return text
    }

    private func limits(_ field: WebForm.Field) -> String {
        guard let range = field.range else { return field.type == "number" ? " step=\"any\"" : "" }
        func bound(_ name: String, _ value: Double) -> String {
            WebForm.Field.number(value).map { " \(name)=\"\($0.text)\"" } ?? ""
        }
        return " step=\"any\"" + bound("min", range.lowerBound) + bound("max", range.upperBound)
    }

    /// Milliseconds as the value of a date's input.
    private static func day(_ value: String) -> String {
        guard let time = Int64(value), Timestamp.years0To9999.contains(time) else { return "" }
        return Timestamp.date(floorDivide(time, Timestamp.millisecondsPerDay))
    }

    private static func inputType(_ field: WebForm.Field) -> String {
        switch field.type {
        case "email": "email"
        case "phone", "mobile_phone": "tel"
        case "number": "number"
        case "datepicker": "date"
        case "file": "url"
        default: "text"
        }
    }

    private var consent: [String] {
        let texts: WebForm.ConsentTexts
        switch form.consent {
        case .none: return []
        case .legitimateInterest(_, _, let text): return text.isEmpty ? [] : [paragraph(text)]
        case .explicit(let given), .implicit(let given): texts = given
        }
        var parts: [String] = ["<fieldset>"]
        func say(_ text: String) { if !text.isEmpty { parts.append(paragraph(text)) } }
        func box(_ name: String, _ label: String, _ isRequired: Bool) {
            parts.append(
                "<label dir=\"auto\"><input type=\"checkbox\" name=\"\(name)\"\(isRequired ? " required" : "")> "
                    + "\(Markup.escaped(label))\(isRequired ? " *" : "")</label>")
        }
        say(texts.processText)
        if case .explicit = form.consent {
            box("consent.process", texts.processLabel.isEmpty ? texts.agreedText : texts.processLabel, true)
        }
        say(texts.communicationText)
        for communication in texts.communications {
            box(
                "consent.communication.\(communication.subscriptionTypeID)", communication.label,
                communication.isRequired)
        }
        say(texts.processFooter)
        say(texts.privacyText)
        return parts + ["</fieldset>"]
    }
}
