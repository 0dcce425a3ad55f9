import HubSpot
import JSON
import LuaRuntime
import Wire

/// The records that a new one is to be linked to.
enum LinkInput: Sendable {
    /// HubSpot's own list.
    case spelledOut(JSONSlice)
    /// Plain links, whose kind HubSpot names.
    case byType([(type: ObjectType, id: String)])

    func json(of objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        switch self {
        case .spelledOut(let list): list
        case .byType(let ids): try await Associations(session: objects.session).links(of: objects.type, to: ids)
        }
    }
}

extension LuaCall {
    /// Which record an argument means: an id, a value of `opts.idProperty`, or for contacts an email address.
    func reference(_ path: String, _ type: ObjectType) throws -> RecordReference {
        try reference(path, self[path], type, idProperty: try idProperty())
    }

    func reference(_ path: String, _ value: LuaValue, _ type: ObjectType, idProperty: String?) throws
        -> RecordReference
    {
        guard let given = value.asString else { throw bad(path, "string or integer expected, got \(value.typeName)") }
        let isAddress = idProperty == "email" || idProperty == nil && type.isContacts && given.contains("@")
        let text = isAddress ? EmailAddress.trimmed(given) : given
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

    /// Checks that properties hold no other value of the property that names the record: it is not clear which is
    /// meant.
    func checkAgreement(_ path: String, of properties: PropertyBag, with record: RecordReference) throws {
        guard let name = record.idProperty, let value = properties[name] else { return }
        let isSame =
            name == "email"
            ? EmailAddress.trimmed(value).lowercased() == record.value.lowercased() : value == record.value
        guard isSame else {
            throw bad(
                path, "\(shown(record.value)) or nothing expected, since that names the record, got \(shown(value))")
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

    /// `associations` of a create: HubSpot's list, or ids by type.
    func associations(_ path: String, _ value: LuaValue) throws -> LinkInput? {
        guard value != .none else { return nil }
        guard let table = value.asTable, table.list.isEmpty || table.fields.isEmpty else {
            throw bad(path, "a list of { to = { id }, types }, or ids by type expected")
        }
        guard table.list.isEmpty else { return .spelledOut(JSONSlice(try json(path, value).bytes)) }
        let ids = try table.fields.flatMap { field throws -> [(type: ObjectType, id: String)] in
            let name = field.key.asString ?? ""
            let type = ObjectType(name)
            guard type.isWellFormed else { throw bad(path, "types as keys expected, got \(shown(name))") }
            let values = field.value.asTable?.list ?? [field.value]
            return try values.map { value in
                guard let id = value.asString, isPathSafe(id) else {
                    throw bad("\(path).\(name)", "a record's id or a list of ids expected")
                }
                return (type, id)
            }
        }
        return ids.isEmpty ? nil : .byType(ids.sorted { ($0.type.name, $0.id) < ($1.type.name, $1.id) })
    }

    /// Runs `body`; an error about an argument's sense names `path`.
    func telling<Value>(
        _ path: String, where isMeant: (String) -> Bool = { _ in true }, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as HubSpotError where error.kind == .invalidArgument && isMeant(error.message) {
            throw bad(path, error.message)
        }
    }

    /// Runs `body`; a value that makes no sense for its property is told as the argument at `path`.
    func tellingValues<Value>(
        at path: (_ property: String) -> String, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as HubSpotError {
            guard let told = refusal(error, at: path) else { throw error }
            throw told
        }
    }

    /// The error about an argument for a value that makes no sense for its property; nil for another error.
    func refusal(_ error: HubSpotError, at path: (_ property: String) -> String) -> LuaError? {
        guard let name = error.refusedProperty else { return nil }
        let prefix = "\(name): "
        var why = error.message.hasPrefix(prefix) ? String(error.message.dropFirst(prefix.count)) : error.message
        if error.remedy == .giveDay {
            why += " or a table { year, month, day }, and for the account's own day hubspot.account.today()"
        }
        return bad(path(name), why)
    }

    /// Where a batch's list holds the property of one of its elements.
    private func place(of property: String, in element: Int) -> String {
        let elements = table("list")?.list ?? []
        let isWrapped = elements.indices.contains(element) && elements[element].asTable?["properties"].asTable != nil
        return "list[\(element + 1)]\(isWrapped ? ".properties" : "").\(property)"
    }

    /// The elements of a batch's list: one that makes no sense fails by itself, and no other with it.
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
        for failure in outcome.failures {
            let index = indices[failure.index]
            guard var told = refusal(failure.error, at: { place(of: $0, in: index) }) else {
                errors.append((index, failure.error.luaValue(index: index + 1)))
                continue
            }
            // Where no element makes sense, nothing is sent: that is raised.
            if outcome.successes.isEmpty, outcome.failures.allSatisfy({ $0.error.refusedProperty != nil }) {
                throw told
            }
            told.fields["index"] = .integer(Int64(index + 1))
            errors.append((index, told.luaValue))
        }
        return [
            .object([
                ("results", .table(LuaTable(list: outcome.successes.map { record($0.record) }, isArray: true))),
                ("errors", .table(LuaTable(list: errors.sorted { $0.0 < $1.0 }.map(\.1), isArray: true))),
            ])
        ]
    }
}
