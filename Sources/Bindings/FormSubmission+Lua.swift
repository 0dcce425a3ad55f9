import HubSpot
import LuaRuntime

extension LuaCall {
    func submission() throws -> FormSubmission {
        let guid = try name("formGuid")
        guard !guid.allSatisfy(\.isWhitespace) else { throw bad("formGuid", "a form's id expected") }
        var submission = FormSubmission(formGuid: guid, fields: try formFields())
        if let portal = option("portalId").asString {
            guard let id = Int64(portal), id > 0 else {
                throw bad("opts.portalId", "a portal's id expected, got \(shown(portal))")
            }
            submission.portalID = id
        }
        submission.submittedAt = try time("opts.submittedAt", option("submittedAt")).map { String($0.milliseconds) }
        submission.context = try jsonOption("context")
        submission.legalConsentOptions = try jsonOption("legalConsentOptions")
        submission.skipValidation = option("skipValidation").asBoolean
        submission.isSecure = option("secure").asBoolean ?? true
        return submission
    }

    private func formFields() throws -> [FormSubmission.Field] {
        guard let table = table("fields") else { return [] }
        guard !table.list.isEmpty || !table.fields.isEmpty else { throw bad("fields", "at least one field expected") }
        guard table.list.isEmpty else {
            return try table.list.enumerated().map { offset, value in
                let path = "fields[\(offset + 1)]"
                guard let field = value.asTable, let name = field["name"].asString, !name.isEmpty else {
                    throw bad("\(path).name", "a field's name expected")
                }
                for entry in field.fields {
                    guard let key = entry.key.asString, ["objectTypeId", "name", "value"].contains(key) else {
                        throw bad(path, "nothing expected beside objectTypeId, name and value")
                    }
                }
                return FormSubmission.Field(
                    objectTypeID: field["objectTypeId"].asString ?? "0-1", name: name,
                    value: field["value"] == .none ? "" : try formText("\(path).value", field["value"]))
            }
        }
        return try table.fields.map { field throws -> FormSubmission.Field in
            guard case .string(let key) = field.key, !key.isEmpty else { throw bad("fields", "names as keys expected") }
            let value = try formText("fields.\(key)", field.value)
            // As the names of a form's inputs in a browser: `0-2/name` is a company's name.
            guard let match = key.wholeMatch(of: /(\d+-\d+)\/(.+)/) else {
                return FormSubmission.Field(name: key, value: value)
            }
            return FormSubmission.Field(
                objectTypeID: String(match.output.1), name: String(match.output.2), value: value)
        }.sorted { ($0.objectTypeID, $0.name) < ($1.objectTypeID, $1.name) }
    }

    /// A field's value: as a property's, but a date is milliseconds at midnight in UTC, as forms have it.
    private func formText(_ path: String, _ value: LuaValue) throws -> String {
        guard let table = value.asTable, let date = try dateText(path, table), let time = CalendarTime(date) else {
            return try propertyText(path, value)
        }
        return String(time.midnight.milliseconds)
    }

    /// A moment: ISO 8601, seconds or milliseconds since 1970, or a table as `os.date` makes it.
    private func time(_ path: String, _ value: LuaValue) throws -> CalendarTime? {
        let time: CalendarTime?
        switch value {
        case .none: return nil
        case .integer(let number): time = CalendarTime(number: Double(number))
        case .number(let number): time = CalendarTime(number: number)
        case .string(let text): time = Double(text).map { CalendarTime(number: $0) } ?? CalendarTime(text)
        case .table(let table): time = try dateText(path, table).flatMap { CalendarTime($0) }
        default: time = nil
        }
        guard let time, time.milliseconds > 0 else {
            let got = value.asTable == nil ? shown((try? scalarText(path, value)) ?? value.typeName) : "another table"
            throw bad(
                path, "ISO 8601, seconds or milliseconds since 1970, or a table as of os.date expected, got \(got)")
        }
        return time
    }
}
