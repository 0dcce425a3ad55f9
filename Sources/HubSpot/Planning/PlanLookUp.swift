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

    /// - Parameters:
    ///   - sentAt: In milliseconds since 1970.
    ///   - ended: When the process had ended that sent it; nil where it was killed.
    ///   - others: The ids of what other lines have made.
    mutating func settle(
        _ item: inout PlanApplication.Item, _ operation: Operation, sentAt: Int64, ended: Int64?,
        except others: Set<String>
    ) async throws(HubSpotError) {
        let pipeline = WritePipeline(session: session)
        switch operation.verb {
        case .create:
            var finding = try await pipeline.creation(of: operation, id: nil, sent: sentAt, ended: ended)
            if case .unnamed = finding { finding = try await search(operation, ended, except: others) }
            switch finding {
            case .own(let record):
                item.status = .done
                item.id = record.recordID
                item.isEarlier = true
            case .like(let record) where !isForced:
                let what = "\(operation.type?.noun ?? "record") \(record.recordID ?? "")"
                item.leaveUnknown(
                    "\(what) is like what it makes, which may be another's work; if it is the plan's, delete the line, else send it again by --force"
                )
            case .like, .none, .unnamed: return
            }
        case .merge, .other:
            let earlier = EarlierWrite(isDone: false, at: sentAt, id: nil, isNew: false, answer: nil, note: { _ in })
            switch try await pipeline.lookUp(operation, earlier) {
            case .done:
                item.status = .done
                item.isEarlier = true
            case .unknown where !isForced:
                item.leaveUnknown(
                    "whether it was carried out is not known; look for it, and delete its line, or send it again by --force"
                )
            case .unknown, .notDone: return
            }
        case .read, .update, .upsert, .archive, .gdprDelete, .link, .unlink, .element: return
        }
    }

    /// Looks for what a create has made among all that was made at that time.
    private mutating func search(
        _ operation: Operation, _ ended: Int64?, except others: Set<String>
    ) async throws(HubSpotError) -> CreationFinding {
        guard let type = operation.type, let sent = sent[type.name] else { return .unnamed }
        let trace = CreationTrace(properties: operation.properties, sent: sent.since...sent.until, ended: ended)
        let pipeline = WritePipeline(session: session)
        var like: JSONSlice?
        for hit in try await hits(of: type) {
            guard let id = hit.recordID, !others.contains(id) else { continue }
            switch try await pipeline.finding(trace, hit, CRMObjects(type, session: session)) {
            case .own: return .own(hit)
            case .like: like = like ?? hit
            case .none, .unnamed: continue
            }
        }
        return like.map { .like($0) } ?? .none
    }

    private mutating func hits(of type: ObjectType) async throws(HubSpotError) -> [JSONSlice] {
        if let known = hits[type.name] { return known }
        guard let sent = sent[type.name] else { return [] }
        // An answer without it tells nothing before the search shows what was made.
        let age = session.configuration.clock.unixTime - .milliseconds(sent.until)
        let lag = await session.simulator().map { $0.searchLag > .zero ? $0.searchLag + .seconds(1) : .zero }
        if case let rest = (lag ?? Self.searchLag) - age, rest > .zero {
            session.configuration.logger.notice("waiting until HubSpot's search shows what was made before")
            do { try await Task.sleep(for: rest) } catch { throw .cancelled }
        }
        let objects = CRMObjects(type, session: session)
        // Not every type has both.
        let born = try await objects.propertyNames().all.contains("createdate") ? "createdate" : "hs_createdate"
        var query = SearchQuery(
            matching: SearchFilter(born, .gte, value: String(sent.since - CreationTrace.clockError)))
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

extension PlanApplication.Item {
    fileprivate mutating func leaveUnknown(_ why: String) {
        status = .unknown
        reason = "it was sent, and \(why)"
    }
}
