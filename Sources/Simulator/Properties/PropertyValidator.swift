import JSON
import Wire

/// Checks property values against their definitions and brings them into the form in which HubSpot keeps them.
struct PropertyValidator {
    let type: PortalObjectType
    let schema: Schema
    let portalID: Int64
    let version: PathVersion

    private struct Problem {
        var name: String
        var code: String
        var message: String
    }

    /// The values as they will be stored; an empty text clears.
    /// - Parameter current: The record's values before the write; empty for a new record.
    /// - Throws: 400 that lists every value that is refused.
    func normalized(_ properties: JSONValue, current: [String: String]) throws(APIError) -> [String: String] {
        guard let members = properties.members else {
            throw .input("Cannot deserialize value of field \"properties\"")
        }
        var result: [String: String] = [:]
        var problems: [Problem] = []
        for member in members {
            guard let text = Self.text(member.value) else {
                throw .input("Cannot deserialize value of type `java.lang.String` at \"properties.\(member.key)\"")
            }
            guard let definition = schema.property(member.key, of: type) else {
                problems.append(
                    Problem(
                        name: member.key, code: "PROPERTY_DOESNT_EXIST",
                        message: "Property \"\(member.key)\" does not exist"))
                continue
            }
            switch normalize(text, definition, current: current[member.key]) {
            case .success(let value): result[member.key] = value
            case .failure(let refusal):
                problems.append(Problem(name: member.key, code: refusal.code, message: refusal.message))
            }
        }
        if !problems.isEmpty { throw error(problems) }
        return result
    }

    /// 400 for properties that a create needs and does not have.
    func checkRequired(_ values: [String: String]) throws(APIError) {
        let missing: [String]
        switch type.requirement {
        case .none: return
        case .anyOf(let names): missing = names.contains { values[$0]?.isEmpty == false } ? [] : names
        case .allOf(let names):
            let needed = names + (schema.pipelines(of: type)?.required ?? [])
            missing = needed.filter { values[$0]?.isEmpty != false }
        }
        guard !missing.isEmpty else { return }
        if version.validatesRequired {
            throw error(
                missing.map {
                    Problem(name: $0, code: "MISSING_REQUIRED_PROPERTY", message: "Property \"\($0)\" is required")
                })
        }
        var error = APIError.validation("Error creating \(type.upper). Some required properties were not set.")
        error.context = [("properties", missing)]
        throw error
    }

    private struct Refusal: Error {
        var code: String
        var message: String
    }

    /// A JSON scalar as HubSpot's text; null is empty. Nil for lists and objects.
    static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null: ""
        case .array, .object, .raw: nil
        }
    }

    private func normalize(_ text: String, _ definition: PropertyDefinition, current: String?) -> Result<
        String, Refusal
    > {
        if definition.readOnlyValue {
            return refuse(
                "READ_ONLY_VALUE", "\"\(definition.name)\" is a calculated property; its value cannot be set.")
        }
        if text.isEmpty { return .success("") }
        switch definition.kind {
        case .string, .phoneNumber:
            if definition.name == "hubspot_owner_id" { return normalizeOwner(text) }
            if text.utf16.count > 65_536 {
                return refuse("INVALID_STRING", "\(definition.name) was too long: 65536 characters at most")
            }
            guard definition.name == "email", type.id == "0-1" else { return .success(text) }
            guard EmailSyntax.isValid(text.trimmed) else {
                return refuse("INVALID_EMAIL", "Email address \(text) is invalid")
            }
            return .success(text.trimmed.lowercased())
        case .number:
            guard let value = Double(text.trimmed), value.isFinite, !text.lowercased().contains("x") else {
                return refuse("INVALID_INTEGER", "\(text) was not a valid number")
            }
            return .success(text.trimmed)
        case .bool:
            let flag = text.lowercased()
            if flag == "true" || flag == "false" { return .success(flag) }
            return invalidOption(text, definition)
        case .enumeration: return normalizeChoice(text, definition, current: current)
        case .date: return normalizeDay(text)
        case .datetime: return normalizeMoment(text)
        }
    }

    private func normalizeChoice(
        _ text: String, _ definition: PropertyDefinition, current: String?
    ) -> Result<String, Refusal> {
        guard definition.isMultiple else {
            if definition.option(text) != nil { return .success(text) }
            return invalidOption(text, definition)
        }
        var chosen: [String] = []
        if text.hasPrefix(";") { chosen = (current ?? "").split(separator: ";").map(String.init) }
        for piece in text.split(separator: ";").map(\.trimmed) where !piece.isEmpty {
            guard definition.option(piece) != nil else { return invalidOption(piece, definition) }
            if !chosen.contains(piece) { chosen.append(piece) }
        }
        return .success(chosen.joined(separator: ";"))
    }

    private func invalidOption(_ text: String, _ definition: PropertyDefinition) -> Result<String, Refusal> {
        let options = definition.options.map { "label: \"\($0.label)\"\nvalue: \"\($0.value)\"\n" }
        return refuse(
            "INVALID_OPTION", "\(text) was not one of the allowed options: [\(options.joined(separator: ", "))]")
    }

    private func normalizeOwner(_ text: String) -> Result<String, Refusal> {
        guard let id = Int64(text.trimmed), schema.owners.contains(id) else {
            return refuse("INVALID_OWNER_ID", "Owner \(text) does not exist")
        }
        return .success(String(id))
    }

    private func normalizeDay(_ text: String) -> Result<String, Refusal> {
        if let milliseconds = Int64(text) {
            guard Timestamp.years0To9999 ~= milliseconds else {
                return refuse("INVALID_DATE", "\(text) was out of range")
            }
            guard milliseconds % Timestamp.millisecondsPerDay == 0 else {
                return refuse("INVALID_DATE", "\(text) is at \(Timestamp.iso(milliseconds)), not midnight!")
            }
            return .success(Timestamp.date(milliseconds / Timestamp.millisecondsPerDay))
        }
        guard let milliseconds = Timestamp.parse(text) else {
            return refuse("INVALID_LONG", "\(text) was not a valid long.")
        }
        guard milliseconds % Timestamp.millisecondsPerDay == 0 else {
            return refuse("INVALID_DATE", "\(text) is not midnight!")
        }
        return .success(Timestamp.date(milliseconds / Timestamp.millisecondsPerDay))
    }

    private func normalizeMoment(_ text: String) -> Result<String, Refusal> {
        if let milliseconds = Int64(text) {
            guard Timestamp.years0To9999 ~= milliseconds else {
                return refuse("INVALID_DATE", "\(text) was out of range")
            }
            // Ten digits or fewer are seconds; 2026-09 may refuse those.
            if version.validatesRequired, milliseconds > 0, milliseconds < 10_000_000_000, text.count == 10 {
                return refuse("INVALID_DATE", "\(text) is in seconds; milliseconds expected")
            }
            return .success(Timestamp.iso(milliseconds))
        }
        guard let milliseconds = Timestamp.parse(text) else {
            return refuse("INVALID_LONG", "\(text) was not a valid long.")
        }
        return .success(Timestamp.iso(milliseconds))
    }

    private func refuse(_ code: String, _ message: String) -> Result<String, Refusal> {
        .failure(Refusal(code: code, message: message))
    }

    /// 400 for one value.
    static func refusal(_ name: String, _ code: String, _ message: String, portalID: Int64) -> APIError {
        error([Problem(name: name, code: code, message: message)], portalID: portalID)
    }

    private func error(_ problems: [Problem]) -> APIError { Self.error(problems, portalID: portalID) }

    private static func error(_ problems: [Problem], portalID: Int64) -> APIError {
        let list = problems.map { problem -> JSONValue in
            [
                "isValid": false, "message": .string(problem.message), "error": .string(problem.code),
                "name": .string(problem.name), "localizedErrorMessage": .string(problem.message),
                "portalId": .integer(portalID),
            ]
        }
        var error = APIError.validation("Property values were not valid: \(JSONValue.array(list).text)")
        error.errors = problems.map {
            APIError.Detail(message: $0.message, code: $0.code, context: [("propertyName", [$0.name])])
        }
        return error
    }
}

/// The form of an email address: one `@`, no spaces or controls, a dotted domain of letters, digits and hyphens.
enum EmailSyntax {
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254 else { return false }
        let local = parts[0]
        guard !local.isEmpty, local.utf8.count <= 64, !local.hasPrefix("."), !local.hasSuffix("."),
            !local.contains(".."), local.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }),
            !local.contains(where: { "()<>,;:\\\"[]".contains($0) })
        else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2 else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        } && (labels.last?.count ?? 0) >= 2
    }
}
