import JSON

/// Changes and counts of all records that match a search.
extension CRMObjects {
    /// What a change of all records that match has done, or would do.
    package struct WhereOutcome: Sendable {
        package struct Change: Sendable {
            package var id: String
            /// By name: what was there, the empty text for nothing, and what is set.
            package var values: [(name: String, old: String, new: String)]
        }

        /// How many records matched.
        package var matched = 0
        /// Those that change, in order of their ids.
        package var changes: [Change] = []
        /// Of the changes, by their places; nil where nothing was sent.
        package var outcome: BatchOutcome?
    }

    /// Sets properties of all records that match: those that have the values already are left alone.
    ///
    /// Which records those are is decided before the first is written, so that a change cannot move a record into the
    /// search or out of it.
    /// - Parameter isPreview: Whether nothing is sent.
    package func update(
        where query: SearchQuery, _ properties: PropertyBag, isPreview: Bool
    ) async throws(HubSpotError) -> WhereOutcome {
        // What the session may not do is said before anything is read for it.
        if !isPreview { _ = try session.disposition(of: Operation(.update, type)) }
        let values = try await settled(properties, isPreview: isPreview)
        var query = try await resolved(query)
        query.properties = values.entries.map(\.name)
        var result = WhereOutcome()
        var cursor: SearchCursor?
        repeat {
            let (page, next) = try await searchAll(query, at: cursor)
            for record in page.slice.field("results")?.elements() ?? [] {
                guard let id = record.recordID else { continue }
                result.matched += 1
                let present = record.field("properties")
                let changed = values.entries.compactMap { entry -> (name: String, old: String, new: String)? in
                    let old = present?.field(entry.name)?.string ?? ""
                    let new = PlannedValue.after(old, setting: entry.value)
                    return PlannedValue.isSame(entry.name, old, new) ? nil : (entry.name, old, entry.value)
                }
                if !changed.isEmpty { result.changes.append(.init(id: id, values: changed)) }
            }
            cursor = next
        } while cursor != nil
        guard !isPreview, !result.changes.isEmpty else { return result }
        let outcome = await update(
            result.changes.map { change in .init(.id(change.id), PropertyBag(change.values.map { ($0.name, $0.new) })) }
        )
        // Nothing was changed: one error says it for all.
        if outcome.successes.isEmpty, var failure = outcome.failures.first?.error {
            if outcome.failures.count > 1 {
                failure.message += " (none of the \(outcome.failures.count) records that match was changed)"
            }
            throw failure
        }
        result.outcome = outcome
        return result
    }

    /// The values as HubSpot takes them; of a preview those that HubSpot would refuse are an error.
    private func settled(_ given: PropertyBag, isPreview: Bool) async throws(HubSpotError) -> PropertyBag {
        let given = given.tidied(for: type)
        guard let known = try await known(neededBy: [given], isRehearsal: isPreview) else { return given }
        let values = try known.types.resolving(given)
        guard isPreview, known.isWhole else { return values }
        let problems = PropertyCheck(
            types: known.types, expected: session.schemas.expected(under: definitionsPath),
            version: session.configuration.apiVersion
        ).problems(of: values)
        guard problems.isEmpty else {
            throw .refusal(problems, request: "POST \(session.paths.objects(type.name, "batch", "update"))")
        }
        return values
    }

    /// How many of the records that match have each value of a property. Records without a value are in no count.
    ///
    /// By a search for each option where that takes fewer than to walk through all hits; else by their pages.
    package func count(_ query: SearchQuery, by property: String) async throws(HubSpotError) -> [String: Int64] {
        let types = try await propertyTypes()
        guard let known = types[property] else {
            throw .invalidArgument("\(type.name) have no property '\(property)'\(types.hint(for: property))")
        }
        var with = query
        let has = SearchFilter(property, .has)
        with.filterGroups = query.filterGroups.isEmpty ? [[has]] : query.filterGroups.map { $0 + [has] }
        guard with.isWithinLimits else { return try await walked(query, by: property) }
        let total = try await count(with)
        let pages = (Int(total) + SearchQuery.maximumPage - 1) / SearchQuery.maximumPage
        guard known.kind == .choice || known.kind == .flag, let options = known.options, options.count < pages else {
            return total == 0 ? [:] : try await walked(with, by: property)
        }
        var counts: [String: Int64] = [:]
        for option in options.sorted() {
            var one = query
            let filter = SearchFilter(property, .eq, value: option)
            one.filterGroups = query.filterGroups.isEmpty ? [[filter]] : query.filterGroups.map { $0 + [filter] }
            let count = try await count(one)
            if count > 0 { counts[option] = count }
        }
        return counts
    }

    private func walked(_ query: SearchQuery, by property: String) async throws(HubSpotError) -> [String: Int64] {
        var query = query
        query.properties = [property]
        var counts: [String: Int64] = [:]
        var cursor: SearchCursor?
        repeat {
            let (page, next) = try await searchAll(query, at: cursor)
            for record in page.slice.field("results")?.elements() ?? [] {
                guard let value = record.field("properties")?.field(property)?.string, !value.isEmpty else { continue }
                counts[value, default: 0] += 1
            }
            cursor = next
        } while cursor != nil
        return counts
    }
}

extension SearchQuery {
    /// Whether HubSpot takes so many filters.
    fileprivate var isWithinLimits: Bool {
        let counts = filterGroups.map(\.count)
        return counts.allSatisfy { $0 <= Self.maximumFiltersPerGroup } && counts.reduce(0, +) <= Self.maximumFilters
    }
}
