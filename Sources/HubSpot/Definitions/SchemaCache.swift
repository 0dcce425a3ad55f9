import HTTPTypes
import JSON
import Synchronization
import Quota

/// Definitions that HubSpot hands out and that rarely change: properties, pipelines, owners, forms. HubSpot asks its
/// clients to keep them (source: the API usage guidelines).
///
/// An answer is kept for five minutes by the session's clock, and until the session itself writes to the same area.
/// Changes by others show after that time, or at once where the caller asks to refresh.
final class SchemaCache: Sendable {
    static let lifetime: Duration = .seconds(300)
    /// More answers than that are not kept: the oldest goes.
    private static let capacity = 200

    private struct Entry {
        var answer: FetchOnce<JSONSlice>
        var area: String
        var since: Duration
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var types: [String: (source: JSONSlice, types: PropertyTypes)] = [:]
        /// Since when answers could not be had that were asked for on the off chance.
        var unreadable: [String: Duration] = [:]
        /// Names of properties that a dry run or a plan would have made, by the path of their definitions.
        var expected: [String: Set<String>] = [:]
        /// How often the session has written to an area.
        var writes: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// The answer kept under `key`, or `fetch`'s, which all calls meanwhile share.
    func answer(
        _ key: String, area: String, at now: Duration, refresh: Bool, on executor: (any TaskExecutor)?,
        _ fetch: @escaping @Sendable () async throws(HubSpotError) -> JSONSlice
    ) async throws(HubSpotError) -> JSONSlice {
        let answer = state.withLock { state in
            if !refresh, let known = state.entries[key], now - known.since < Self.lifetime { return known.answer }
            if state.entries.count >= Self.capacity,
                let oldest = state.entries.min(by: { $0.value.since < $1.value.since })
            {
                state.entries[oldest.key] = nil
            }
            let answer = FetchOnce(on: executor, fetch)
            state.entries[key] = Entry(answer: answer, area: area, since: now)
            return answer
        }
        return try await answer.value()
    }

    /// The meaning of a type's definitions, worked out once for each answer.
    func types(_ key: String, of definitions: JSONSlice, _ type: ObjectType) -> PropertyTypes {
        if let known = state.withLock({ $0.types[key] }), known.source == definitions { return known.types }
        let types = PropertyTypes(definitions, of: type)
        state.withLock { $0.types[key] = (definitions, types) }
        return types
    }

    /// Whether to ask again for definitions that could not be had before.
    func isUnreadable(_ key: String, at now: Duration) -> Bool {
        state.withLock { state in state.unreadable[key].map { now - $0 < Self.lifetime } ?? false }
    }

    func noteUnreadable(_ key: String, at now: Duration) { state.withLock { $0.unreadable[key] = now } }

    /// Names that a dry run or a plan takes for properties from now on.
    func expect(_ names: [String], under key: String) {
        state.withLock { $0.expected[key, default: []].formUnion(names) }
    }

    func expected(under key: String) -> Set<String> { state.withLock { $0.expected[key] ?? [] } }

    /// Forgets definitions that a write of the session may have changed. A change of the object schemas may change
    /// anything; a link between records changes no kind of link.
    func forget(after request: APIRequest, _ rules: RequestRules) {
        guard rules.permission.right == .write else { return }
        let area = rules.permission.area
        let isLink = !request.path.contains("/labels") || request.path.hasSuffix("/batch/labels/archive")
        state.withLock { state in
            state.writes[area, default: 0] += 1
            if area == "associations", isLink { return }
            state.entries = area == "schemas" ? [:] : state.entries.filter { $0.value.area != area }
        }
    }

    func writes(in area: String) -> Int { state.withLock { $0.writes[area] ?? 0 } }

    func cancel() {
        for entry in state.withLock({ Array($0.entries.values) }) { entry.answer.cancel() }
    }
}

extension Session {
    /// How often the session has written to an area of HubSpot's API, such as `lists`: what was read there before such a
    /// write may be old.
    package func writes(in area: String) -> Int { schemas.writes(in: area) }

    /// The answer to a GET for definitions, out of the cache where it is there.
    func definitions(
        _ path: String, query: [(name: String, value: String)] = [], refresh: Bool = false
    ) async throws(HubSpotError) -> JSONSlice {
        let request = APIRequest(.get, path, query: query)
        let area = try RequestRules(request).permission.area
        return try await schemas.answer(
            request.target, area: area, at: configuration.clock.now, refresh: refresh, on: configuration.executor
        ) { [self] () async throws(HubSpotError) in try JSONSlice(answer: await send(request).body, to: request) }
    }
}
