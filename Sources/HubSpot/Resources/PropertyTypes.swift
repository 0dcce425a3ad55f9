import Words

/// What HubSpot's texts stand for, by the portal's own definitions of a type's properties.
struct PropertyTypes: Sendable {
    enum Kind: Sendable {
        case number, flag, day, moment
        /// Several options, joined with `;`.
        case choices
    }

    private let kinds: [String: Kind]
    private let names: Set<String>

    /// - Parameter definitions: HubSpot's `{ results: [{ name, type, fieldType }] }`.
    init(_ definitions: JSONSlice) {
        var kinds: [String: Kind] = [:]
        var names: Set<String> = []
        for definition in definitions.field("results")?.elements() ?? [] {
            guard let name = definition.field("name")?.string else { continue }
            names.insert(name)
            kinds[name] = Self.kind(definition.field("type")?.string, definition.field("fieldType")?.string)
        }
        self.kinds = kinds
        self.names = names
    }

    subscript(_ name: String) -> Kind? { kinds[name] }

    private static func kind(_ type: String?, _ fieldType: String?) -> Kind? {
        switch type {
        case "number": .number
        case "bool": .flag
        case "date": .day
        case "datetime": .moment
        case "enumeration" where fieldType == "booleancheckbox": .flag
        case "enumeration" where fieldType == "checkbox": .choices
        default: nil
        }
    }

    // MARK: Reading

    /// A record with typed values in `properties`: numbers, booleans, days and moments as seconds since 1970 in UTC
    /// (what `os.time` counts), several choices as a list. A cleared one is null. What does not read as its type says
    /// stays a text.
    func typed(_ record: JSONSlice) -> JSONSlice {
        guard let fields = record.fields(), let properties = record.field("properties")?.fields() else { return record }
        let values = properties.map { RequestJSON.Field($0.name, .raw(typed($0.name, $0.value))) }
        return JSONSlice(
            RequestJSON.object(
                fields.map { field in
                    RequestJSON.Field(field.name, field.name == "properties" ? .object(values) : .raw(field.value))
                }
            ).bytes)
    }

    private func typed(_ name: String, _ value: JSONSlice) -> JSONSlice {
        guard let kind = kinds[name], let text = value.string else { return value }
        if text.isEmpty { return kind == .choices ? JSONSlice("[]") : JSONSlice("null") }
        switch kind {
        case .number: return Self.number(text) ?? value
        case .flag: return ["true", "false"].contains(text) ? JSONSlice(text) : value
        case .day, .moment: return CalendarTime(text).map { JSONSlice($0.secondsText) } ?? value
        case .choices:
            return JSONSlice(RequestJSON.strings(text.split(separator: ";").map(String.init)).bytes)
        }
    }

    private static func number(_ text: String) -> JSONSlice? {
        if let whole = Int64(text) { return JSONSlice(String(whole)) }
        guard let number = Double(text), number.isFinite else { return nil }
        return JSONSlice(number.description)
    }

    // MARK: Writing

    /// Values that came as numbers or dates, in the form in which HubSpot takes them for the property.
    func resolving(_ properties: PropertyBag) -> PropertyBag {
        var resolved = properties
        for name in properties.times {
            guard let text = properties[name], let form = form(text, of: name) else { continue }
            resolved.replace(name, with: form)
        }
        return resolved
    }

    /// The same for the values of a search's filters.
    func resolving(_ query: SearchQuery) -> SearchQuery {
        var query = query
        query.filterGroups = query.filterGroups.map { group in
            group.map { filter in
                guard filter.isTime else { return filter }
                var filter = filter
                filter.value = filter.value.map { form($0, of: filter.property) ?? $0 }
                filter.highValue = filter.highValue.map { form($0, of: filter.property) ?? $0 }
                filter.values = filter.values?.map { form($0, of: filter.property) ?? $0 }
                return filter
            }
        }
        return query
    }

    // MARK: Explaining

    /// What is wrong with a query that HubSpot refuses with no word of why: names that are no properties, and values
    /// that are no times or numbers where the property holds those.
    func problems(of query: SearchQuery) -> [String] {
        let filters = query.filterGroups.flatMap(\.self).filter { !$0.property.hasPrefix("associations.") }
        let named = filters.map(\.property) + query.sorts.map(\.property)
        var problems = Set(named.filter { !names.contains($0) }).sorted().map { name in
            "there is no property '\(name)'\(NearestName.hint(for: name, among: names))"
        }
        for filter in filters {
            let values = [filter.value, filter.highValue].compactMap(\.self) + (filter.values ?? [])
            switch kinds[filter.property] {
            case .day?, .moment?:
                problems += values.filter { CalendarTime($0) == nil }
                    .map { "\(filter.property) holds a date, which '\($0)' is not (write 2026-11-22T10:00:00Z)" }
            case .number?:
                problems += values.filter { Double($0) == nil }.map {
                    "\(filter.property) holds a number, which '\($0)' is not"
                }
            default: continue
            }
        }
        return problems
    }

    /// Nil where the property holds no time.
    private func form(_ text: String, of name: String) -> String? {
        guard let kind = kinds[name], kind == .day || kind == .moment,
            let time = Double(text).map({ CalendarTime(number: $0) }) ?? CalendarTime(text)
        else { return nil }
        return kind == .day ? time.day : time.iso
    }
}

extension CRMObjects {
    private var definitionsPath: String { session.paths.properties(type.name) }

    /// What the type's properties hold, out of the session's cache where it is known.
    private func propertyTypes() async throws(HubSpotError) -> PropertyTypes {
        let definitions = try await session.definitions(definitionsPath)
        return session.schemas.types(definitionsPath, of: definitions)
    }

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
            RequestJSON.object(
                fields.map { field in
                    RequestJSON.Field(
                        field.name, field.name == "results" ? .list(results.map(RequestJSON.raw)) : .raw(field.value))
                }
            ).bytes)
    }

    /// Properties as HubSpot takes them: numbers of seconds and dates become days and moments where the portal's
    /// definitions say so.
    ///
    /// The definitions are read only where a value looks like a time: a date, or a number that as seconds lies more
    /// than 115 days from 1970. Where they may not be read, numbers are sent as their digits.
    public func resolved(_ properties: [PropertyBag]) async throws(HubSpotError) -> [PropertyBag] {
        guard let types = try await typesOfTimes(properties.contains { $0.looksLikeTime }) else { return properties }
        return properties.map(types.resolving)
    }

    /// The same for the records of a batch.
    public func resolved(_ records: [BatchWrite]) async throws(HubSpotError) -> [BatchWrite] {
        var records = records
        for (index, bag) in try await resolved(records.map(\.properties)).enumerated() {
            records[index].properties = bag
        }
        return records
    }

    public func resolved(_ properties: PropertyBag) async throws(HubSpotError) -> PropertyBag {
        guard !properties.times.isEmpty else { return properties }
        return try await resolved([properties])[0]
    }

    public func resolved(_ query: SearchQuery) async throws(HubSpotError) -> SearchQuery {
        let filters = query.filterGroups.flatMap(\.self).filter(\.isTime)
        guard !filters.isEmpty else { return query }
        let texts = filters.flatMap { [$0.value, $0.highValue].compactMap(\.self) + ($0.values ?? []) }
        return try await typesOfTimes(texts.contains(where: looksLikeTime))?.resolving(query) ?? query
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

    private func typesOfTimes(_ isNeeded: Bool) async throws(HubSpotError) -> PropertyTypes? {
        guard isNeeded || session.schemas.holds(definitionsPath, at: session.configuration.clock.now) else {
            return nil
        }
        do throws(HubSpotError) {
            return try await propertyTypes()
        } catch  where [.forbidden, .notAllowed].contains(error.kind) {
            return nil
        }
    }
}

extension PropertyBag {
    fileprivate var looksLikeTime: Bool {
        times.contains { name in self[name].map { HubSpot.looksLikeTime($0) } ?? false }
    }
}

/// Whether a value that came as a number or a date may be a time.
private func looksLikeTime(_ text: String) -> Bool { Double(text).map { abs($0) >= 1e7 } ?? true }
