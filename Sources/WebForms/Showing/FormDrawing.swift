import Words

extension WebForm {
    /// The form as a visitor sees it, drawn as text; beside each field its name and what HubSpot asks of it.
    package var drawing: String {
        var lines = [name.onOneLine, id.onOneLine]
        if hasCaptcha { lines.append("It has a captcha: HubSpot takes no submission by its API.") }
        var group = -1
        for field in fields {
            if field.group > group {
                lines += texts.filter { (group + 1...field.group).contains($0.group) }.map { "\n" + $0.text.onOneLine }
                group = field.group
            }
            lines.append("")
            lines += FieldDrawing(field: field).lines
        }
        lines += texts.filter { $0.group > group }.map { "\n" + $0.text.onOneLine }
        lines += consentLines
        lines += ["", "[ \(submitText.onOneLine) ]"]
        switch afterSubmit {
        case .message(let html): lines.append("then: \(PlainText.of(html).onOneLine)")
        case .redirect(let address): lines.append("then: to \(address.onOneLine)")
        }
        return lines.joined(separator: "\n")
    }

    private var consentLines: [String] {
        switch consent {
        case .none: return []
        case .legitimateInterest(_, _, let text): return ["", text.onOneLine]
        case .explicit(let texts): return consentLines(texts, box: "[ ] ")
        case .implicit(let texts): return consentLines(texts, box: "")
        }
    }

    private func consentLines(_ texts: ConsentTexts, box: String) -> [String] {
        var lines = [""]
        if !texts.processText.isEmpty { lines.append(texts.processText) }
        if !box.isEmpty {
            lines.append("\(box)\(texts.processLabel.isEmpty ? texts.agreedText : texts.processLabel) *")
        }
        if !texts.communicationText.isEmpty { lines.append(texts.communicationText) }
        lines += texts.communications.map {
            "[ ] \($0.label)\($0.isRequired ? " *" : "")   subscription type \($0.subscriptionTypeID)"
        }
        lines += [texts.processFooter, texts.privacyText].filter { !$0.isEmpty }
        return lines.map(\.onOneLine)
    }
}

/// One field as text.
private struct FieldDrawing {
    let field: WebForm.Field

    private static let width = 34

    var lines: [String] {
        let indent = field.conditions.isEmpty ? "" : "    "
        return drawn.map { indent + $0 }
    }

    private var drawn: [String] {
        let title = "\(field.label)\(field.isRequired ? " *" : "")".onOneLine
        let notes = ([field.key] + field.rules.filter { $0 != "required" && !$0.hasPrefix("true or") })
            .joined(separator: ", ")
        if field.isHidden { return ["(\(title))   \(notes)"] }
        if field.type == "single_checkbox" {
            return [beside("[\(field.defaultValue == "true" ? "x" : " ")] \(title)", notes)]
        }
        return [beside(title, notes)] + control
    }

    private func beside(_ left: String, _ right: String) -> String {
        left + String(repeating: " ", count: max(3, Self.width + 3 - DisplayWidth.of(left))) + right
    }

    private var control: [String] {
        let chosen = field.defaultValue.split(separator: ";").map(String.init)
        switch field.type {
        case "multiple_checkboxes":
            return wrapped(field.options.map { "[\(chosen.contains($0.value) ? "x" : " ")] \($0.label)" })
        case "radio", "payment_link_radio":
            return wrapped(field.options.map { "(\(chosen == [$0.value] ? "x" : " ")) \($0.label)" })
        case "dropdown":
            let first = field.options.first { $0.value == field.defaultValue }?.label ?? ""
            return [box(first, end: "v]")]
        case "multi_line_text": return [box(content, end: "]"), box("", end: "]")]
        case "datepicker": return [box(content.isEmpty ? "year-month-day" : content, end: "]")]
        default: return [box(content, end: "]")]
        }
    }

    private var content: String { field.defaultValue.isEmpty ? field.placeholder : field.defaultValue }

    private func box(_ text: String, end: String) -> String {
        let inner = Self.width - 2 - end.count + 1
        let shown = String(text.onOneLine.prefix(inner))
        return "[" + shown + String(repeating: "_", count: max(0, inner - DisplayWidth.of(shown))) + end
    }

    private func wrapped(_ choices: [String]) -> [String] {
        var lines: [String] = []
        for choice in choices.map(\.onOneLine) {
            if let last = lines.last, DisplayWidth.of(last) + 3 + DisplayWidth.of(choice) <= 76 {
                lines[lines.count - 1] = "\(last)   \(choice)"
            } else {
                lines.append(choice)
            }
        }
        return lines
    }
}
