import HubSpot
import LuaRuntime

extension LuaCall {
    /// A form's GUID or name.
    func formReference() throws -> String {
        let text = string("formGuid") ?? ""
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard isPrintable(text), !text.allSatisfy(\.isWhitespace), !parts.contains("."), !parts.contains("..") else {
            throw bad("formGuid", "a form's id or name expected, got \(shown(text))")
        }
        return text
    }

    /// - Parameter mayBeEmpty: For what sends nothing: an empty form is the first case that a person checks.
    func submission(mayBeEmpty: Bool = false) throws -> FormSubmission {
        var submission = FormSubmission(formGuid: try formReference(), fields: try formFields(mayBeEmpty: mayBeEmpty))
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

    /// `opts.fields`; none where it is left out.
    func optionalFormFields() throws -> [FormSubmission.Field] {
        guard let table = option("fields").asTable else { return [] }
        return try formFields(table, at: "opts.fields")
    }

    private func formFields(mayBeEmpty: Bool) throws -> [FormSubmission.Field] {
        guard let table = table("fields"), !mayBeEmpty || !table.list.isEmpty || !table.fields.isEmpty else {
            return []
        }
        return try formFields(table, at: "fields")
    }

    private func formFields(_ table: LuaTable, at place: String) throws -> [FormSubmission.Field] {
        guard !table.list.isEmpty || !table.fields.isEmpty else { throw bad(place, "at least one field expected") }
        guard table.list.isEmpty else {
            return try table.list.enumerated().map { offset, value in
                let path = "\(place)[\(offset + 1)]"
                guard let field = value.asTable, let name = field["name"].asString, !name.isEmpty else {
                    throw bad("\(path).name", "a field's name expected")
                }
                for entry in field.fields {
                    guard let key = entry.key.asString, ["objectTypeId", "name", "value"].contains(key) else {
                        throw bad(path, "nothing expected beside objectTypeId, name and value")
                    }
                }
                return try formField(
                    field["objectTypeId"].asString ?? "0-1", name, "\(path).value", field["value"])
            }
        }
        return try table.fields.map { field throws -> FormSubmission.Field in
            guard case .string(let key) = field.key, !key.isEmpty else { throw bad(place, "names as keys expected") }
            // As the names of a form's inputs in a browser: `0-2/name` is a company's name.
            guard let match = key.wholeMatch(of: /(\d+-\d+)\/(.+)/) else {
                return try formField("0-1", key, "\(place).\(key)", field.value)
            }
            return try formField(String(match.output.1), String(match.output.2), "\(place).\(key)", field.value)
        }.sorted { ($0.objectTypeID, $0.name) < ($1.objectTypeID, $1.name) }
    }

    private func formField(_ type: String, _ name: String, _ path: String, _ value: LuaValue) throws
        -> FormSubmission.Field
    {
        FormSubmission.Field(
            objectTypeID: type, name: name, value: value == .none ? "" : try propertyText(path, value),
            time: try timeInput(path, value))
    }

    /// Where `fields` holds the value of a field.
    func formField(on name: String) -> String {
        let list = table("fields")?.list ?? []
        let place = list.firstIndex { $0.asTable?["name"].asString == name }
        return place.map { "fields[\($0 + 1)].value" } ?? "fields.\(name)"
    }

    /// A moment: ISO 8601, seconds or milliseconds since 1970, or a table as `os.date` makes it.
    private func time(_ path: String, _ value: LuaValue) throws -> CalendarTime? {
        let time: CalendarTime?
        switch value {
        case .none: return nil
        case .integer(let number): time = CalendarTime(secondsOrMilliseconds: Double(number))
        case .number(let number): time = CalendarTime(secondsOrMilliseconds: number)
        case .string(let text):
            time = Double(text).map { CalendarTime(secondsOrMilliseconds: $0) } ?? CalendarTime(text)
        case .table(let table): time = try date(path, table)
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
