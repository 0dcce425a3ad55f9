import JSON
import Synchronization
import Words

/// The values that HubSpot's texts stand for, by the portal's own definitions of a type's properties.
struct PropertyTypes: Sendable {
    enum Kind: Sendable, Equatable {
        case number, flag, day, moment
        /// Several options, joined with `;`.
        case choices
        /// One option.
        case choice
        case text, email
        /// Of a type that is not known here.
        case unknown

        var isTime: Bool { self == .day || self == .moment }
    }

    struct Property: Sendable {
        var kind: Kind
        /// The values that may be chosen; nil where there is no choice, or the options live outside of the definition
        /// (`externalOptions`: stages, owners).
        var options: Set<String>?
        /// Its value is HubSpot's own to set.
        var isReadOnly = false
        /// Whether forms may ask for it.
        var isForForms = true
        /// No two records have one value of it.
        var isUnique = false
    }

    private var properties: [String: Property]
    private let hints = Hints()

    /// - Parameter definitions: HubSpot's `{ results: [{ name, type, fieldType, options, ... }] }`.
    init(_ definitions: JSONSlice, of type: ObjectType) {
        properties = [:]
        for definition in definitions.field("results")?.elements() ?? [] {
            guard let name = definition.field("name")?.string else { continue }
            properties[name] = Property(definition, isAddress: type.isContacts && name == "email")
        }
    }

    /// Of a type that the portal does not know.
    static let ofUnknownType = Self(JSONSlice("{}"), of: ObjectType(""))

    /// Without definitions: the properties that every portal has.
    init(wellKnownOf type: ObjectType) {
        properties = WellKnownProperties.of(type)
    }

    subscript(_ name: String) -> Property? { properties[name] }

    var names: Set<String> { Set(properties.keys) }

    /// Each name, and whether forms may ask for the property.
    var usableInForms: [String: Bool] { properties.mapValues(\.isForForms) }

    /// The properties by which one record is known, in order.
    var uniqueNames: [String] { properties.filter(\.value.isUnique).map(\.key).sorted() }

    /// With the properties of another list of definitions.
    func adding(_ others: PropertyTypes) -> PropertyTypes {
        var all = self
        all.properties.merge(others.properties) { own, _ in own }
        return all
    }

    /// The name that was probably meant: `; did you mean 'firstname'?`, or nothing.
    func hint(for name: String) -> String { hints.hint(for: name, among: names) }

    /// A misspelt column is met in each row of a file, and looked up once.
    private final class Hints: Sendable {
        private let known = Mutex<[String: String]>([:])

        func hint(for name: String, among names: @autoclosure () -> Set<String>) -> String {
            if let known = known.withLock({ $0[name] }) { return known }
            let hint = NearestName.hint(for: name, among: names())
            known.withLock { known in
                if known.count > 1_000 { known = [:] }
                known[name] = hint
            }
            return hint
        }
    }

    // MARK: Reading

    /// A record with typed values in `properties`: numbers, booleans, days and moments as seconds since 1970 in UTC
    /// (what `os.time` counts), several choices as a list. A cleared one is null. A value that does not read as its type says,
    /// or could not be written back as it is, stays a text.
    func typed(_ record: JSONSlice) -> JSONSlice {
        guard let fields = record.fields(), let properties = record.field("properties")?.fields() else { return record }
        let values = properties.map { JSONValue.Member($0.name, .raw(typed($0.name, $0.value))) }
        return JSONSlice(
            JSONValue.object(
                fields.map { field in
                    JSONValue.Member(field.name, field.name == "properties" ? .object(values) : .raw(field.value))
                }
            ).bytes)
    }

    private func typed(_ name: String, _ value: JSONSlice) -> JSONSlice {
        guard let kind = properties[name]?.kind, let text = value.string else { return value }
        switch kind {
        case .text, .email, .choice, .unknown: return value
        case .choices: return JSONSlice(JSONValue.strings(text.split(separator: ";").map(String.init)).bytes)
        case _ where text.isEmpty: return JSONSlice("null")
        case .number: return NumberText.json(text) ?? value
        case .flag: return ["true", "false"].contains(text) ? JSONSlice(text) : value
        case .day, .moment:
            guard let time = CalendarTime(text), kind == .moment || time == time.midnight else { return value }
            return JSONSlice(time.secondsText)
        }
    }

    // MARK: Writing

    /// Values that came as numbers or dates, in the form in which HubSpot takes them for the property.
    /// - Throws: kind `invalidArgument` for a number that is no time, or no day, where the property holds one.
    func resolving(_ given: PropertyBag) throws(HubSpotError) -> PropertyBag {
        var resolved = given
        for (name, time) in given.times.sorted(by: { $0.key < $1.key }) {
            if let text = try text(of: time, for: name) { resolved.replace(name, with: text) }
        }
        return resolved
    }

    /// The same for the values of a search's filters.
    func resolving(_ query: SearchQuery) throws(HubSpotError) -> SearchQuery {
        var query = query
        for group in query.filterGroups.indices {
            for place in query.filterGroups[group].indices {
                try resolve(&query.filterGroups[group][place])
            }
        }
        return query
    }

    private func resolve(_ filter: inout SearchFilter) throws(HubSpotError) {
        let (name, times) = (filter.property, filter.times)
        guard !times.isEmpty, properties[name]?.kind.isTime ?? false else { return }
        if let time = times.value, let text = try text(of: time, for: name) { filter.value = text }
        if let time = times.highValue, let text = try text(of: time, for: name) { filter.highValue = text }
        for (place, time) in times.values where filter.values?.indices.contains(place) ?? false {
            if let text = try text(of: time, for: name) { filter.values?[place] = text }
        }
        filter.times = SearchFilter.Times()
    }

    /// Nil where the property holds no time.
    private func text(of given: TimeInput, for name: String) throws(HubSpotError) -> String? {
        guard let kind = properties[name]?.kind, kind.isTime else { return nil }
        let time = try given.time(of: name, isDay: kind == .day)
        return kind == .day ? time.day : time.iso
    }

    // MARK: Explaining

    /// The faults of a query that HubSpot refuses without a reason: names that are no properties, and values
    /// that are no times or numbers where the property holds those.
    func problems(of query: SearchQuery) -> [String] {
        let filters = query.filterGroups.flatMap(\.self).filter { !$0.property.hasPrefix("associations.") }
        let named = filters.map(\.property) + query.sorts.map(\.property)
        var problems = Set(named.filter { properties[$0] == nil }).sorted().map { name in
            "there is no property '\(name)'\(hint(for: name))"
        }
        for filter in filters {
            let values = [filter.value, filter.highValue].compactMap(\.self) + (filter.values ?? [])
            switch properties[filter.property]?.kind {
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
}

extension PropertyTypes.Property {
    /// - Parameter definition: HubSpot's.
    fileprivate init(_ definition: JSONSlice, isAddress: Bool) {
        let fieldType = definition.field("fieldType")?.string
        kind =
            switch definition.field("type")?.string {
            case "number": .number
            case "bool": .flag
            case "date": .day
            case "datetime": .moment
            case "enumeration" where fieldType == "booleancheckbox": .flag
            case "enumeration" where fieldType == "checkbox": .choices
            case "enumeration": .choice
            case "string", "phone_number": isAddress ? .email : .text
            default: .unknown
            }
        if definition.field("externalOptions")?.boolean != true {
            let values = definition.field("options")?.elements()?.compactMap { $0.field("value")?.string } ?? []
            options = values.isEmpty ? nil : Set(values)
        }
        isReadOnly =
            definition.field("calculated")?.boolean ?? false
            || definition.field("modificationMetadata")?.field("readOnlyValue")?.boolean ?? false
            || fieldType?.hasPrefix("calculation_") ?? false
        isForForms = definition.field("formField")?.boolean ?? true
        isUnique = isAddress || definition.field("hasUniqueValue")?.boolean ?? false
    }
}
