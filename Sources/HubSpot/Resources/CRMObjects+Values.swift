public import JSON
import Wire

extension CRMObjects {
    private var definitionsPath: String { session.paths.properties(type.name) }

    /// What the type's properties hold, out of the session's cache where it is known.
    private func propertyTypes() async throws(HubSpotError) -> PropertyTypes {
        let definitions = try await session.definitions(definitionsPath)
        return session.schemas.types(definitionsPath, of: definitions, type)
    }

    // MARK: Reading

    /// Reads the definitions that typed values need, so that ``typed(_:)`` fails no more.
    /// - Throws: kind `forbidden` or `notAllowed` where they may not be read.
    public func readDefinitions() async throws(HubSpotError) { _ = try await propertyTypes() }

    /// `record` with typed values in its `properties`: numbers, booleans, times in seconds since 1970, lists.
    public func typed(_ record: JSONSlice) async throws(HubSpotError) -> JSONSlice {
        try await propertyTypes().typed(record)
    }

    /// A page with typed values in its records.
    public func typed(page: JSONSlice) async throws(HubSpotError) -> JSONSlice {
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

    // MARK: Searching

    /// A query whose numbers and dates are what HubSpot compares with, by the portal's definitions.
    ///
    /// - Throws: kind `invalidArgument` for a number that is no time where the property holds one.
    public func resolved(_ query: SearchQuery) async throws(HubSpotError) -> SearchQuery {
        let names = query.filterGroups.flatMap(\.self)
            .filter { !$0.times.isEmpty && !$0.property.hasPrefix("associations.") }.map(\.property)
        guard !names.isEmpty, let known = try await known(Set(names), isRehearsal: false) else { return query }
        return try known.types.resolving(query)
    }

    /// This refusal of a query, with what is wrong with it where HubSpot does not say and the definitions do.
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

    // MARK: Writing

    /// The properties of a write as HubSpot takes them: where the portal's definitions say so, numbers of seconds and
    /// dates become days and moments. A dry run and a plan check all values besides, since HubSpot does not see them.
    ///
    /// The definitions are read only where a number or a date is given for a property that is not the same in every
    /// portal, and where there is something to check.
    ///
    /// - Parameter verb: `create`, `update` or `upsert`.
    /// - Returns: Nil where a plan has noted that HubSpot would refuse them, and goes on.
    /// - Throws: kind `invalidArgument` for a number that is no time, or no day, where the property holds one; kind
    ///   `validation` in a dry run, for what HubSpot would refuse.
    func settled(_ write: BatchWrite, _ verb: String) async throws(HubSpotError) -> PropertyBag? {
        guard let known = try await known(neededBy: [write.properties]) else { return write.properties }
        do throws(HubSpotError) {
            return try settle(write, verb, known)
        } catch  where error.kind == .validation && WritePlan.current != nil {
            return nil
        }
    }

    /// Runs `body` with the inputs that are fit to be sent, their properties as HubSpot takes them. Each of the others
    /// fails by itself, in a plan too.
    func settling(_ inputs: [BatchInput], _ verb: String, _ body: ([BatchInput]) async -> BatchOutcome) async
        -> BatchOutcome
    {
        var failures: [Int: Result<JSONSlice, HubSpotError>] = [:]
        var sound: [BatchInput] = []
        do throws(HubSpotError) {
            guard let known = try await known(neededBy: inputs.map(\.properties)) else { return await body(inputs) }
            for var input in inputs {
                do throws(HubSpotError) {
                    input.properties = try settle(BatchWrite(input.record, input.properties), verb, known)
                    sound.append(input)
                } catch {
                    failures[input.index] = .failure(error)
                }
            }
        } catch {
            for input in inputs { failures[input.index] = .failure(error) }
        }
        guard !failures.isEmpty else { return await body(sound) }
        let rest = BatchOutcome(failures)
        return sound.isEmpty ? rest : await body(sound).adding(rest.failures)
    }

    private func settle(_ write: BatchWrite, _ verb: String, _ known: Known) throws(HubSpotError) -> PropertyBag {
        let properties = try known.types.resolving(write.properties)
        guard session.isRehearsal, known.isWhole else { return properties }
        let check = PropertyCheck(
            types: known.types, expected: session.schemas.expected(under: definitionsPath),
            version: session.configuration.apiVersion)
        let problems = check.problems(of: properties, key: verb == "upsert" ? write.record : nil)
        guard !problems.isEmpty else { return properties }
        WritePlan.current?.refuse("\(ObjectType.canonical(type.name)).\(verb)", problems)
        let path = session.paths.objects(type.name)
        throw .refusal(
            problems,
            request: verb == "create"
                ? "POST \(path)" : "PATCH \(path)/\(PercentEncoding.encode(write.record?.value ?? ""))")
    }

    // MARK: What is known of properties

    private struct Known: Sendable {
        var types: PropertyTypes
        /// False where the definitions could not be read: what is not known here may well exist.
        var isWhole: Bool
    }

    private func known(neededBy writes: [PropertyBag]) async throws(HubSpotError) -> Known? {
        let isRehearsal = session.isRehearsal
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

    /// What properties of these names hold. Nil where that cannot be known and the values have to go as they stand.
    private func known(_ names: Set<String>, isRehearsal: Bool) async throws(HubSpotError) -> Known? {
        let common = PropertyTypes(wellKnownOf: type)
        guard names.contains(where: { common[$0] == nil }) else { return Known(types: common, isWhole: true) }
        // What a plan looks up for itself is no part of what it counts.
        let read = await WritePlan.$current.withValue(nil) { () async -> Result<PropertyTypes, HubSpotError> in
            do throws(HubSpotError) { return .success(try await propertyTypes()) } catch { return .failure(error) }
        }
        switch read {
        case .success(let types):
            let expected = session.schemas.expected(under: definitionsPath)
            guard isRehearsal, names.contains(where: { types[$0] == nil && !expected.contains($0) }) else {
                return Known(types: types, isWhole: true)
            }
            return Known(types: await addingSensitive(types), isWhole: true)
        case .failure(let error) where error.kind == .cancelled: throw error
        case .failure(let error) where isRehearsal:
            session.warnings.warn(
                "unchecked \(definitionsPath)",
                "values of \(type.name) are not checked, since their definitions could not be read: \(error.message)")
        case .failure(let error) where [.forbidden, .notAllowed].contains(error.kind):
            session.warnings.warn(
                "unread \(definitionsPath)",
                "numbers go as they stand to \(type.name), since the definitions may not be read that tell which of "
                    + "them are times: write dates as text (\(error.message))")
        case .failure(let error): throw error
        }
        return Known(types: common, isWhole: false)
    }

    /// HubSpot lists properties that hold sensitive data only to those who ask for them.
    private func addingSensitive(_ types: PropertyTypes) async -> PropertyTypes {
        var all = types
        for sensitivity in ["sensitive", "highly_sensitive"] {
            let key = "\(definitionsPath)?dataSensitivity=\(sensitivity)"
            let now = session.configuration.clock.now
            guard !session.schemas.isUnreadable(key, at: now) else { continue }
            let answer = await WritePlan.$current.withValue(nil) { () async -> JSONSlice? in
                // A portal without such data, or a token that may not see it, refuses: then there are none to know.
                try? await session.definitions(definitionsPath, query: [("dataSensitivity", sensitivity)])
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
