import Bindings
import HubSpot
import JSON
import LuaRuntime

/// A plan for programs: what it costs, what would be refused, and each change.
struct PlanReport: Sendable {
    var counts: WritePlan.Counts
    /// Nil where no session was needed.
    var estimate: PlanEstimate?
    var changes: [PlanChange]
    /// Writes that would change nothing.
    var unchanged: Int
    /// Writes that take a lifecycle stage back.
    var stagesBack = 0

    /// `hubspot.plan`'s answer, with what it does not tell.
    private var json: JSONValue {
        let plan = counts.luaValue(estimate).asTable
        let day = plan?["day"].asTable
        let shares = counts.shares.sorted { $0.key < $1.key }.map { name, share in
            JSONValue.Member(name, ["records": .integer(share.records), "requests": .integer(share.requests)])
        }
        return [
            "records": .integer(counts.records), "requests": .integer(counts.requests),
            "seconds": Self.number(plan?["seconds"]), "lane": Self.text(plan?["lane"]),
            "day": [
                "requests": .integer(counts.requestsOfDay), "limit": Self.number(day?["limit"]),
                "remaining": Self.number(day?["remaining"]), "share": Self.number(day?["share"]),
                "fits": .bool(day?["fits"].asBoolean ?? true),
            ], "refused": .integer(counts.refusedRecords), "refusals": .array(counts.refusals.map(\.json)),
            "by": .object(shares), "unchanged": .integer(unchanged), "stages_back": .integer(stagesBack),
            "changes": .array(changes.map(\.json)),
        ]
    }

    private static func text(_ value: LuaValue?) -> JSONValue { .optional(value?.asString) }

    private static func number(_ value: LuaValue?) -> JSONValue {
        guard let number = value?.asNumber, number.isFinite else { return .null }
        return .number(NumberText.text(number))
    }

    /// json: one document; jsonl: a line for each change; csv: a line for each value that changes.
    func bytes(as format: OutputFormat) -> [UInt8] {
        switch format {
        case .json, .text: json.bytes + [0x0A]
        case .jsonl: HistoryDocument.bytes(changes.map(\.json), as: .jsonl)
        case .csv: HistoryDocument.bytes(changes.flatMap(\.rows), as: .csv)
        }
    }
}

extension WritePlan.Refusal {
    fileprivate var json: JSONValue {
        [
            "call": .string(call), "property": .optional(property), "code": .string(code), "message": .string(message),
            "count": .integer(count), "records": .strings(records),
        ]
    }
}

extension PlanChange {
    private var facts: [JSONValue.Member] {
        let facts: JSONValue = [
            "n": .integer(n), "action": .string(action), "type": .optional(type), "id": .optional(id),
            "to_type": .optional(otherType), "to_id": .optional(otherID), "request": .string(request),
        ]
        return facts.members ?? []
    }

    var json: JSONValue {
        let values = values.map { value -> JSONValue in
            ["name": .string(value.name), "old": .string(value.old), "new": .string(value.new)]
        }
        return .object(facts + [.init("values", .array(values))])
    }

    /// One for each value; one without a value where none changes.
    fileprivate var rows: [JSONValue] {
        let named = values.isEmpty ? [nil] : values.map(Optional.some)
        return named.map { value in
            .object(
                facts + [
                    .init("property", .optional(value?.name)), .init("old", .optional(value?.old)),
                    .init("new", .optional(value?.new)),
                ])
        }
    }
}
