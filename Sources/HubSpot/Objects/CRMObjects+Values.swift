package import JSON
import Wire
import Quota

extension CRMObjects {
    var definitionsPath: String { session.paths.properties(type.name) }

    /// The types of the properties, out of the session's cache where it is known.
    func propertyTypes() async throws(HubSpotError) -> PropertyTypes {
        let definitions = try await session.definitions(definitionsPath)
        return session.schemas.types(definitionsPath, of: definitions, type)
    }

    // MARK: Reading

    /// Reads the definitions that typed values need, so that ``typed(_:)`` fails no more.
    /// - Throws: kind `forbidden` or `notAllowed` where they may not be read.
    package func readDefinitions() async throws(HubSpotError) { _ = try await propertyTypes() }

    /// `record` with typed values in its `properties`: numbers, booleans, times in seconds since 1970, lists.
    package func typed(_ record: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await propertyTypes().typed(record)
    }

    /// A page with typed values in its records.
    package func typed(page: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        guard let fields = page.fields(), let records = page.field("results")?.elements() else { return page }
        let types = try await propertyTypes()
        let results = records.map(types.typed)
        return JSONSlice(
            JSONValue.object(
                fields.map { field in
                    JSONValue.Member(
                        field.name, field.name == "results" ? .array(results.map(JSONValue.raw)) : .raw(field.value))
                }
            ).bytes)
    }

    /// The names of the type's properties: all, and those whose value is not HubSpot's own to set.
    package func propertyNames() async throws(HubSpotError) -> (all: [String], writable: [String]) {
        let types = try await propertyTypes()
        let all = types.names.sorted()
        return (all, all.filter { types[$0]?.isReadOnly == false })
    }

    /// The properties whose values no two records have in common.
    package func uniqueProperties() async throws(HubSpotError) -> [String] { try await propertyTypes().uniqueNames }

    // MARK: Searching

    /// A query with numbers and dates as HubSpot compares them, by the portal's definitions.
    ///
    /// - Throws: kind `invalidArgument` for a number that is no time where the property holds one.
    package func resolved(_ query: SearchQuery) async throws(HubSpotError) -> SearchQuery {
        let names = query.filterGroups.flatMap(\.self)
            .filter { !$0.times.isEmpty && !$0.property.hasPrefix("associations.") }.map(\.property)
        guard !names.isEmpty, let known = try await known(Set(names), isRehearsal: false) else { return query }
        return try known.types.resolving(query)
    }

    /// This refusal of a query, with the fault where HubSpot does not name it and the definitions do.
    func explained(_ error: HubSpotError, _ query: SearchQuery) async -> HubSpotError {
        guard error.kind == .validation, error.errors.isEmpty,
            error.message.hasPrefix("There was a problem with the request"), let types = try? await propertyTypes()
        else { return error }
        let problems = types.problems(of: query)
        guard !problems.isEmpty else { return error }
        var explained = error
        explained.message = "HubSpot refused the query: \(problems.joined(separator: "; "))"
        return explained
    }

    // MARK: The definitions of properties

    struct Known: Sendable {
        var types: PropertyTypes
        /// False where the definitions could not be read: what is not known here may well exist.
        var isWhole: Bool
    }

    func known(neededBy writes: [PropertyBag], isRehearsal: Bool) async throws(HubSpotError) -> Known? {
        var names: Set<String> = []
        for properties in writes {
            if isRehearsal {
                names.formUnion(properties.entries.map(\.name))
            } else {
                names.formUnion(properties.times.keys)
            }
        }
        guard isRehearsal || !names.isEmpty else { return nil }
        return try await known(names, isRehearsal: isRehearsal)
    }

    /// The types of properties of these names. Nil where that cannot be known and the values have to go as they stand.
    private func known(_ names: Set<String>, isRehearsal: Bool) async throws(HubSpotError) -> Known? {
        let common = PropertyTypes(wellKnownOf: type)
        guard names.contains(where: { common[$0] == nil }) else { return Known(types: common, isWhole: true) }
        // A plan's own look-ups are no part of its counts.
        do throws(HubSpotError) {
            let types = try await WritePlan.uncounted { () async throws(HubSpotError) in try await propertyTypes() }
            let expected = session.schemas.expected(under: definitionsPath)
            guard isRehearsal, names.contains(where: { types[$0] == nil && !expected.contains($0) }) else {
                return Known(types: types, isWhole: true)
            }
            return Known(types: await addingSensitive(types), isWhole: true)
        } catch  where error.kind != .cancelled && isRehearsal {
            session.warnings.warn(
                "unchecked \(definitionsPath)",
                "values of \(type.name) are not checked, since their definitions could not be read: \(error.message)")
        } catch  where [.forbidden, .notAllowed].contains(error.kind) {
            session.warnings.warn(
                "unread \(definitionsPath)",
                "numbers go as they stand to \(type.name), since the definitions may not be read that tell which of "
                    + "them are times: write dates as text (\(error.message))")
        }
        return Known(types: common, isWhole: false)
    }

    /// HubSpot lists properties that hold sensitive data only where they are asked for.
    private func addingSensitive(_ types: PropertyTypes) async -> PropertyTypes {
        var all = types
        for sensitivity in ["sensitive", "highly_sensitive"] {
            let key = "\(definitionsPath)?dataSensitivity=\(sensitivity)"
            let now = session.configuration.clock.now
            guard !session.schemas.isUnreadable(key, at: now) else { continue }
            // A portal without such data, or a token that may not see it, refuses: then there are none to know.
            let answer = try? await WritePlan.uncounted { () async throws(HubSpotError) in
                try await session.definitions(definitionsPath, query: [("dataSensitivity", sensitivity)])
            }
            guard let answer else {
                session.schemas.noteUnreadable(key, at: now)
                continue
            }
            all = all.adding(session.schemas.types(key, of: answer, type))
        }
        return all
    }
}
