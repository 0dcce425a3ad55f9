import JSON

/// The values of writes as HubSpot takes them: where the portal's definitions say so, numbers of seconds and dates become
/// days and moments. A dry run and a plan check all values besides, since HubSpot does not see them.
///
/// The definitions are read only where a number or a date is given for a property that is not the same in every portal, and
/// where there is something to check.
extension Session {
    /// - Returns: Nil where a plan has noted that HubSpot would refuse the values, and goes on.
    /// - Throws: kind `invalidArgument` for a number that is no time, or no day, where the property holds one; kind
    ///   `validation` in a dry run, for what HubSpot would refuse.
    func settled(_ write: Operation, _ disposition: Disposition) async throws(HubSpotError) -> Operation? {
        guard write.hasValues, let objects = objects(of: write),
            let known = try await objects.known(
                neededBy: [write.properties], isRehearsal: disposition.isRehearsal)
        else { return write }
        let required = await required(of: [write], disposition, objects)
        do throws(HubSpotError) {
            return try settle(write, disposition, objects, known, required)
        } catch  where error.kind == .validation && disposition.plan != nil {
            return nil
        }
    }

    /// The same for a list. An operation that is wrong fails alone, in a plan too.
    func settling(_ writes: [Operation], _ disposition: Disposition) async -> (sound: [Operation], failures: Verdicts) {
        guard let first = writes.first, first.hasValues, let objects = objects(of: first) else { return (writes, [:]) }
        var failures: Verdicts = [:]
        var sound: [Operation] = []
        do throws(HubSpotError) {
            let known = try await objects.known(
                neededBy: writes.map(\.properties), isRehearsal: disposition.isRehearsal)
            guard let known else { return (writes, [:]) }
            let required = await required(of: writes, disposition, objects)
            for write in writes {
                do throws(HubSpotError) {
                    sound.append(try settle(write, disposition, objects, known, required))
                } catch {
                    failures[write.index] = .failure(error)
                }
            }
        } catch {
            for write in writes { failures[write.index] = .failure(error) }
        }
        return (sound, failures)
    }

    private func objects(of write: Operation) -> CRMObjects? { write.type.map { CRMObjects($0, session: self) } }

    /// What new records have to have; nil where none is made, or HubSpot itself says it.
    private func required(
        of writes: [Operation], _ disposition: Disposition, _ objects: CRMObjects
    ) async -> RequiredProperties? {
        guard disposition.isRehearsal, let first = writes.first, case .create = first.verb else { return nil }
        return await objects.required(of: writes.map(\.properties))
    }

    private func settle(
        _ write: Operation, _ disposition: Disposition, _ objects: CRMObjects, _ known: CRMObjects.Known,
        _ required: RequiredProperties?
    ) throws(HubSpotError) -> Operation {
        var settled = write
        settled.properties = try known.types.resolving(write.properties)
        guard disposition.isRehearsal, known.isWhole else { return settled }
        var check = PropertyCheck(
            types: known.types, expected: schemas.expected(under: objects.definitionsPath),
            version: configuration.apiVersion)
        if let plan = disposition.plan { check.isPlanned = { plan.keeper.number(of: $0) != nil } }
        var key: RecordReference?
        if case .upsert = write.verb { key = write.record }
        var problems = check.problems(of: settled.properties, key: key)
        problems += required?.problems(of: settled.properties, objects.type) ?? []
        guard !problems.isEmpty else { return settled }
        if let plan = disposition.plan {
            if let name = write.planName { plan.refuse(name, write.shownName, problems) }
            plan.pass(over: write)
        }
        throw .refusal(problems, request: write.summary(paths))
    }
}

extension Operation {
    fileprivate var hasValues: Bool {
        switch verb {
        case .create, .update, .upsert: true
        default: false
        }
    }
}
