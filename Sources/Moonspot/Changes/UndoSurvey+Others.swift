import HubSpot
import JSON
import Journal
import Wire

/// What others have done to records that the run made: they are not archived with what others have put into them.
extension UndoSurvey {
    /// How long after a record is made its first values may show, in milliseconds: HubSpot sets some by itself.
    private static let making: Int64 = 1_000

    /// Why records are left, by record.
    func others(_ plans: [UndoPlan.Archiving]) async throws(HubSpotError) -> [Write.Record: String] {
        var reasons: [Write.Record: String] = [:]
        let archived = Set(plans.map(\.record))
        for (type, group) in Dictionary(grouping: plans, by: \.record.type).sorted(by: { $0.key < $1.key }) {
            reasons.merge(try await valuesOfOthers(group, type)) { own, _ in own }
            reasons.merge(try await linksOfOthers(group, type, archived)) { own, _ in own }
        }
        return reasons
    }

    /// Properties that the run has not written, and that were set after the record was made.
    private func valuesOfOthers(
        _ plans: [UndoPlan.Archiving], _ type: String
    ) async throws(HubSpotError) -> [Write.Record: String] {
        let names = try await CRMObjects(ObjectType(type), session: session).propertyNames().writable
            .filter { !$0.hasPrefix("hs_") }
        let found = try await read(plans.map(\.record), Set(names))
        var strange: [Write.Record: [String]] = [:]
        for plan in plans {
            let values = found[plan.record]?.field("properties")
            strange[plan.record] = names.filter { name in
                plan.values[name] == nil && values?.field(name)?.string?.isEmpty == false
            }
        }
        let doubtful = plans.map(\.record).filter { strange[$0]?.isEmpty == false }
        guard !doubtful.isEmpty else { return [:] }
        let history = Set(strange.values.joined())
        let past = try await read(doubtful, history, history: history)
        var reasons: [Write.Record: String] = [:]
        for record in doubtful {
            guard let now = past[record], let born = now.field("createdAt")?.string.flatMap({ Timestamp.parse($0) })
            else { continue }
            for name in strange[record] ?? [] {
                let versions = now.field("propertiesWithHistory")?.field(name)?.elements() ?? []
                let isLater = versions.contains { version in
                    let moment = version.field("timestamp")?.string.flatMap { Timestamp.parse($0) }
                    return moment.map { $0 > born + Self.making } ?? false
                }
                guard isLater else { continue }
                let value = now.field("properties")?.field(name)?.string ?? ""
                reasons[record] = "\(name) was set since: it is '\(value)'"
                break
            }
        }
        return reasons
    }

    /// Links to records that the run has not made, and that it has not linked.
    private func linksOfOthers(
        _ plans: [UndoPlan.Archiving], _ type: String, _ archived: Set<Write.Record>
    ) async throws(HubSpotError) -> [Write.Record: String] {
        var reasons: [Write.Record: String] = [:]
        for other in Associations.linkedTypes {
            let outcome = await Associations(session: session).read(
                ObjectType(type), plans.map(\.record.id), ObjectType(other))
            for failure in outcome.failures
            where ![.notFound, .forbidden, .notAllowed, .validation].contains(failure.error.kind) {
                throw failure.error
            }
            for success in outcome.successes {
                let plan = plans[success.index]
                for link in success.record.field("to")?.elements() ?? [] {
                    guard let id = link.field("toObjectId")?.idText, case let end = Write.Record(type: other, id: id),
                        !archived.contains(end), !plan.linked.contains(end), !plan.linkedIDs.contains(id)
                    else { continue }
                    reasons[plan.record] = reasons[plan.record] ?? "it was linked to \(other) \(id) since"
                }
            }
        }
        return reasons
    }
}
