import HubSpot
import LuaRuntime

extension LuaCall {
    /// Which record an argument means: an id, a value of `opts.idProperty`, or for contacts an email address.
    func reference(_ path: String, _ type: ObjectType) throws -> RecordReference {
        try reference(path, self[path], type, idProperty: try idProperty())
    }

    func reference(_ path: String, _ value: LuaValue, _ type: ObjectType, idProperty: String?) throws
        -> RecordReference
    {
        guard let text = value.asString else { throw bad(path, "string or integer expected, got \(value.typeName)") }
        // A batch carries the values of a property in its body, where an address (`https://…`) is fine.
        let isInBody = idProperty != nil && path.contains("[")
        guard isInBody ? isPrintable(text) : isPathSafe(text), !text.allSatisfy(\.isWhitespace) else {
            throw bad(path, "an id\(type.isContacts ? " or an email address" : "") expected, got \(shown(text))")
        }
        if let idProperty { return RecordReference(text, idProperty: idProperty) }
        guard type.isContacts, text.contains("@") else { return .id(text) }
        guard !text.hasPrefix("@"), !text.hasSuffix("@"), !text.contains(where: \.isWhitespace) else {
            throw bad(path, "an email address expected, got \(shown(text))")
        }
        return .email(text)
    }

    /// Checks that properties hold no other value of the property that names the record: it is not clear which is meant.
    func checkAgreement(_ path: String, of properties: PropertyBag, with record: RecordReference) throws {
        guard let name = record.idProperty, let value = properties[name] else { return }
        let isSame = name == "email" ? value.lowercased() == record.value.lowercased() : value == record.value
        guard isSame else {
            throw bad(path, "\(shown(record.value)) or nothing expected, since that names the record, got \(shown(value))")
        }
    }

    func idProperty() throws -> String? {
        guard let name = option("idProperty").asString else { return nil }
        guard isPathSafe(name) else { throw bad("opts.idProperty", "a property's name expected, got \(shown(name))") }
        return name
    }

    func readOptions() throws -> ReadOptions {
        ReadOptions(
            properties: try names("opts.properties", of: option("properties")),
            propertiesWithHistory: try names("opts.propertiesWithHistory", of: option("propertiesWithHistory")),
            associations: try names("opts.associations", of: option("associations")),
            archived: option("archived").asBoolean ?? false)
    }

    /// `associations` of a create, as HubSpot's list.
    func associations(_ path: String, _ value: LuaValue) throws -> JSONSlice? {
        guard value != .none else { return nil }
        guard let table = value.asTable, table.fields.isEmpty else {
            throw bad(path, "a list of { to = { id }, types } expected")
        }
        return table.list.isEmpty ? nil : JSONSlice(try json(path, value).bytes)
    }

    /// The elements of a batch's list: what makes no sense is a failure of that element and fails no other.
    /// - Throws: the first failure where no element makes sense.
    func elements<Element>(
        of list: String, _ read: (_ path: String, _ value: LuaValue) throws -> Element
    ) throws -> (elements: [(index: Int, element: Element)], failures: [(index: Int, error: LuaError)]) {
        var elements: [(index: Int, element: Element)] = []
        var failures: [(index: Int, error: LuaError)] = []
        for (index, value) in (table(list)?.list ?? []).enumerated() {
            do {
                elements.append((index, try read("\(list)[\(index + 1)]", value)))
            } catch let error as LuaError {
                failures.append((index, error))
            }
        }
        if elements.isEmpty, let first = failures.first { throw first.error }
        return (elements, failures)
    }

    /// A batch's `{ results, errors }`.
    /// - Throws: the session's own failure where nothing was sent successfully.
    func batchResult(
        _ outcome: BatchOutcome, indices: [Int], failures: [(index: Int, error: LuaError)],
        record: (JSONSlice) -> LuaValue = { .record($0) }
    ) throws -> [LuaValue] {
        if let failure = outcome.sessionFailure { throw failure }
        var errors = failures.map { failure -> (Int, LuaValue) in
            var error = failure.error
            error.fields["index"] = .integer(Int64(failure.index + 1))
            return (failure.index, error.luaValue)
        }
        errors += outcome.failures.map { failure in
            let index = indices[failure.index]
            return (index, failure.error.luaValue(index: index + 1))
        }
        return [
            .object([
                ("results", .table(LuaTable(list: outcome.successes.map { record($0.record) }, isArray: true))),
                ("errors", .table(LuaTable(list: errors.sorted { $0.0 < $1.0 }.map(\.1), isArray: true))),
            ])
        ]
    }
}
