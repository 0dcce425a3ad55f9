import JSON
import Logging

/// Finds out whether lines were carried out that were sent before the process ended, and of which no answer is known. What
/// sets a state can be sent again; what makes something is looked for.
struct PlanLookUp {
    private let session: Session
    private let isForced: Bool
    /// What was made lately, by types: read once for all lines.
    private var hits: [String: [JSONSlice]] = [:]
    private let sent: [String: (since: Int64, until: Int64, names: [String])]

    /// How long HubSpot's search takes at most to show what was made.
    private static let searchLag: Duration = .seconds(20)
    /// How far two clocks may be apart, in milliseconds: so early a record is looked for.
    private static let clockError: Int64 = 300_000
    /// How far they nearly always are apart: what is older is taken for another's.
    private static let smallClockError: Int64 = 5_000
    /// How long an attempt takes at most.
    private static let attempt: Int64 = 40_000

    /// - Parameter lines: Those in question, and when they were sent, in milliseconds since 1970.
    init(_ lines: [(operation: Operation, sentAt: Int64)], session: Session, isForced: Bool) {
        self.session = session
        self.isForced = isForced
        var sent: [String: (since: Int64, until: Int64, names: [String])] = [:]
        for (operation, moment) in lines {
            guard case .create = operation.verb, let type = operation.type?.name else { continue }
            let known = sent[type] ?? (moment, moment, [])
            let names = Set(known.names).union(operation.properties.entries.map(\.name)).sorted()
            sent[type] = (min(known.since, moment), max(known.until, moment), names)
        }
        self.sent = sent
    }

    /// - Parameter others: The ids of what other lines have made.
    mutating func settle(
        _ item: inout PlanApplication.Item, _ operation: Operation, except others: Set<String>
    ) async throws(HubSpotError) {
        switch operation.verb {
        case .create:
            guard let found = try await made(operation, except: others) else { return }
            if found.isCertain {
                item.status = .done
                item.id = found.id
                item.isEarlier = true
            } else if !isForced {
                item.status = .unknown
                item.reason =
                    "it was sent, and \(operation.type?.noun ?? "a record") \(found.id) is like what it makes, which may be another's work; if it is the plan's, delete the line, else send it again by --force"
            }
        case .merge:
            guard let type = operation.type, let other = operation.other else { return }
            // A record that was merged away answers under the id of what it has become part of.
            let now = try await CRMObjects(type, session: session).find(
                .id(other.id), ReadOptions(properties: ["hs_object_id"]))
            guard now?.recordID != other.id else { return }
            item.status = .done
            item.isEarlier = true
        case .other(let request):
            guard (try? RequestRules(request))?.repetition == .never, !isForced else { return }
            item.status = .unknown
            item.reason =
                "it was sent, and whether it was carried out is not known; look for it, and delete its line, or send it again by --force"
        case .read, .update, .upsert, .archive, .gdprDelete, .link, .unlink, .element: return
        }
    }

    /// The record that a create may have made; nil where there is none. It is certain where it has the values and an address
    /// that is a contact's alone, or was made while the request was on its way.
    private mutating func made(
        _ operation: Operation, except others: Set<String>
    ) async throws(HubSpotError) -> (id: String, isCertain: Bool)? {
        guard let type = operation.type else { return nil }
        func isLike(_ record: JSONSlice) -> Bool {
            let values = record.field("properties")
            return operation.properties.entries.allSatisfy { entry in
                PlannedValue.isSame(entry.name, values?.field(entry.name)?.string ?? "", entry.value)
            }
        }
        if type.isContacts, let address = operation.properties["email"], !address.isEmpty {
            let found = try await CRMObjects(type, session: session).find(
                .email(address), ReadOptions(properties: operation.properties.entries.map(\.name)))
            return found.flatMap { record in record.recordID.map { ($0, isLike(record)) } }
        }
        let like = try await hits(of: type).filter { hit in
            hit.recordID.map { !others.contains($0) } ?? false && isLike(hit)
        }
        let own = like.first { wasMade($0, type) }
        return (own ?? like.first).flatMap { hit in hit.recordID.map { ($0, own != nil) } }
    }

    /// Whether a record was made between the first of the lines in question and the end of the last one's attempt.
    private func wasMade(_ hit: JSONSlice, _ type: ObjectType) -> Bool {
        guard let sent = sent[type.name], let moment = hit.createdAt else { return false }
        return (sent.since - Self.smallClockError...sent.until + Self.attempt).contains(moment)
    }

    private mutating func hits(of type: ObjectType) async throws(HubSpotError) -> [JSONSlice] {
        if let known = hits[type.name] { return known }
        guard let sent = sent[type.name] else { return [] }
        let age = session.configuration.clock.unixTime - .milliseconds(sent.until)
        if age < Self.searchLag, !(await session.isSimulator()) {
            session.configuration.logger.notice("waiting until HubSpot's search shows what was made before")
            do { try await Task.sleep(for: Self.searchLag - age) } catch { throw .cancelled }
        }
        let objects = CRMObjects(type, session: session)
        // Not every type has both.
        let born = try await objects.propertyNames().all.contains("createdate") ? "createdate" : "hs_createdate"
        var query = SearchQuery(
            matching: SearchFilter(born, .gte, value: String(sent.since - Self.clockError)))
        query.properties = sent.names
        var found: [JSONSlice] = []
        var cursor: SearchCursor?
        repeat {
            let (page, next) = try await objects.searchAll(query, at: cursor)
            found += page.slice.field("results")?.elements() ?? []
            cursor = next
        } while cursor != nil
        hits[type.name] = found
        return found
    }
}
