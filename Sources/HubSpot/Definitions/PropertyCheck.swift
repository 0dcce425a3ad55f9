import JSON
import Wire
import Words

/// A value that HubSpot would refuse by the property's definition, in HubSpot's terms.
package struct PropertyProblem: Sendable, Equatable {
    package var property: String
    /// HubSpot's own: `PROPERTY_DOESNT_EXIST`, `READ_ONLY_VALUE`, `INVALID_OPTION`, ...
    package var code: String
    /// A sentence that names the property.
    package var message: String
}

/// Checks values against a type's definitions as HubSpot does, for a write that is shown or planned instead of sent.
/// Where it is not sure that HubSpot refuses a value, it lets it pass. A pure function: no clock, no network.
struct PropertyCheck {
    var types: PropertyTypes
    /// Names that count as properties although no definition has them: they would have been made before.
    var expected: Set<String> = []
    var version = APIVersion.september2026
    /// Whether a text is the id of a record that the plan makes: it has its value later.
    var isPlanned: (String) -> Bool = { _ in false }

    /// Longest value that HubSpot stores as text (source: the Properties guide).
    private static let longestText = 65_536

    /// - Parameter key: The property and value that name the record, where a new one gets it as a value.
    func problems(of properties: PropertyBag, key: RecordReference? = nil) -> [PropertyProblem] {
        var problems = properties.entries.compactMap { problem(of: $0.name, $0.value) }
        if let name = key?.idProperty, let value = key?.value, properties[name] == nil,
            let wrong = problem(of: name, value), wrong.code != "READ_ONLY_VALUE"
        {
            problems.append(wrong)
        }
        return problems
    }

    func problem(of name: String, _ text: String) -> PropertyProblem? {
        func problem(_ code: String, _ message: String) -> PropertyProblem {
            PropertyProblem(property: name, code: code, message: message)
        }
        guard let property = types[name] else {
            if expected.contains(name) { return nil }
            return problem("PROPERTY_DOESNT_EXIST", "there is no property '\(name)'\(types.hint(for: name))")
        }
        if property.isReadOnly {
            return problem("READ_ONLY_VALUE", "\(name) is read-only: HubSpot itself sets its value")
        }
        if text.isEmpty || isPlanned(text) { return nil }
        switch property.kind {
        case .unknown: return nil
        case .text:
            let length = text.utf16.count
            return length <= Self.longestText
                ? nil : problem("INVALID_STRING", "\(name) has \(length) characters, and HubSpot takes 65,536 at most")
        case .email:
            return EmailAddress.isValid(text.withoutBlankEnds)
                ? nil : problem("INVALID_EMAIL", "\(name) holds an email address, which \(quoted(text)) is not")
        case .number:
            return NumberText.isNumber(text.withoutBlankEnds)
                ? nil : problem("INVALID_INTEGER", "\(name) holds a number, which \(quoted(text)) is not")
        case .flag:
            let options = property.options ?? ["true", "false"]
            return options.contains(text) || ["true", "false"].contains(text.lowercased())
                ? nil : problem("INVALID_OPTION", "\(name) is true or false, and not \(quoted(text))")
        case .choice: return unoffered([text], name, property).map { problem("INVALID_OPTION", $0) }
        case .choices:
            let chosen = text.split(separator: ";").map { String($0).withoutBlankEnds }.filter { !$0.isEmpty }
            return unoffered(chosen, name, property).map { problem("INVALID_OPTION", $0) }
        case .day, .moment: return timeProblem(name, text, isDay: property.kind == .day).map { problem($0.0, $0.1) }
        }
    }

    /// Options are known by their values, in the case in which they are written.
    private func unoffered(_ chosen: [String], _ name: String, _ property: PropertyTypes.Property) -> String? {
        guard let options = property.options, let wrong = chosen.first(where: { !options.contains($0) }) else {
            return nil
        }
        let shown = options.count <= 12 ? " (\(options.sorted().joined(separator: ", ")))" : ""
        return "\(name) has no option \(quoted(wrong))\(shown)\(NearestName.hint(for: wrong, among: options))"
    }

    private func timeProblem(_ name: String, _ text: String, isDay: Bool) -> (code: String, message: String)? {
        let what = isDay ? "a date" : "a date and time"
        guard let time = CalendarTime(property: text) else {
            let example = isDay ? "2026-11-22" : "2026-11-22T10:00:00Z"
            return ("INVALID_LONG", "\(name) holds \(what), which \(quoted(text)) is not (write \(example))")
        }
        if isDay, time != time.midnight {
            return ("INVALID_DATE", "\(name) holds a date, and \(quoted(text)) is \(time.iso), no midnight in UTC")
        }
        // Ten digits are a time in seconds, which the latest version does not take (source: changelog).
        if !isDay, version == .september2026, text.utf8.count == 10, Int64(text) ?? -1 > 0 {
            return ("INVALID_DATE", "\(name) holds a date and time, and the text \(quoted(text)) is in seconds")
        }
        return nil
    }

    private func quoted(_ text: String) -> String { text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'" }
}

extension HubSpotError {
    /// The refusal that a record with these values would get, in the shape of HubSpot's own.
    static func refusal(_ problems: [PropertyProblem], request: String) -> HubSpotError {
        HubSpotError(
            .validation, "HubSpot would refuse it: \(problems.map(\.message).joined(separator: "; "))",
            category: "VALIDATION_ERROR",
            errors: problems.map {
                [
                    "message": .string($0.message), "code": .string($0.code),
                    "context": ["propertyName": [.string($0.property)]],
                ]
            }, request: request)
    }
}
