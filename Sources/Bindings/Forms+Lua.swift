import HubSpot
import JSON
import LuaRuntime
import WebForms

extension LuaValue {
    /// `{ field, errorType, message, refused }` each.
    static func problems(_ problems: [WebForm.Problem]) -> LuaValue {
        let list = problems.map { problem in
            LuaValue.object([
                ("field", LuaValue(problem.field)), ("errorType", .string(problem.errorType)),
                ("message", .string(problem.message)), ("refused", .boolean(problem.isRefused)),
            ])
        }
        return .table(LuaTable(list: list, isArray: true))
    }
}

extension Forms.Preview {
    var luaValue: LuaValue {
        .object([
            (
                "request",
                .object([
                    ("method", .string(method)), ("url", .string(url)),
                    ("headers", .object(headers.map { ($0.0, .string($0.1)) })), ("body", .json(body)),
                ])
            ), ("problems", .problems(problems)),
        ])
    }
}

extension Forms.Receipt {
    /// HubSpot's answer with `warnings`.
    var document: JSONSlice { answer.adding("warnings", JSONValue.strings(warnings).bytes) }
}

extension Forms.Arrival {
    /// None in a dry run, which has sent nothing.
    private var fates: [(String, JSONValue)] {
        guard receipt.answer.field("dry_run") == nil else { return [] }
        return [("created", .bool(isCreated)), ("changed", .strings(changed)), ("dropped", .strings(dropped))]
    }

    /// HubSpot's answer, and what became of the submission.
    var document: JSONSlice {
        let told = fates.reduce(receipt.document) { $0.adding($1.0, $1.1.bytes) }
        return before.map { told.adding("before", $0.bytes) } ?? told
    }

    /// The contact's record with what became of the submission, as `new` stands on one after an upsert.
    func telling(on contact: JSONSlice) -> JSONSlice {
        fates.reduce(contact) { $0.adding($1.0, $1.1.bytes) }
    }
}
