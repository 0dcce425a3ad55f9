import HubSpot
import JSON
import Words
import Quota

/// The quota as a JSON document, named as `hubspot.limits.state()` names it, with the processes that share it. A count
/// without a limit, and one that is not known yet, is null.
enum LimitsDocument {
    static func json(_ state: LimitsState, processes: [SharingProcess]) -> JSONValue {
        .object([
            "burst": window(state.burst), "search": window(state.search), "associations": window(state.associations),
            "forms": window(state.forms),
            "daily": .object([
                "limit": number(state.daily.limit), "used": number(state.daily.used),
                "remaining": number(state.daily.remaining),
                "resets_at": state.daily.resetsAt.map { .string($0) } ?? null,
            ]),
            "queue": .object([
                "waiting": .integer(Int64(state.queue.waiting)), "in_flight": .integer(Int64(state.queue.inFlight)),
            ]),
            "source": .string(state.source.rawValue), "store": .string(state.store.rawValue),
            "processes": .array(processes.map(process)),
        ])
    }

    private static let null = JSONValue.raw(JSONSlice("null"))

    private static func window(_ window: LimitsState.Window) -> JSONValue {
        .object([
            "limit": number(window.limit), "used": number(window.used), "remaining": number(window.remaining),
            "window": number(window.window.inSeconds), "resets_in": number(window.resetsIn.inSeconds),
        ])
    }

    private static func number(_ number: Double?) -> JSONValue {
        guard let number, number.isFinite else { return null }
        return Int64(exactly: number).map { .integer($0) } ?? .raw(JSONSlice(number.description))
    }

    private static func process(_ member: SharingProcess) -> JSONValue {
        let presence = member.presence
        return .object([
            "pid": .integer(Int64(presence.pid)), "host": presence.host.map { .string($0) } ?? null,
            "program": .string(presence.program), "in_flight": .integer(Int64(presence.inFlight)),
            "waiting": .integer(Int64(presence.waiting)),
            "held": .object(Lane.allCases.map { .init("\($0)", .integer(Int64(member.places($0)))) }),
        ])
    }
}
