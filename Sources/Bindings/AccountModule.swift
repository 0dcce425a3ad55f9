import HubSpot
import JSON
import LuaRuntime

extension LuaModule {
    /// `hubspot.account`: HubSpot's details of the account.
    static func account(_ source: SessionSource) -> LuaModule {
        func reading(
            _ name: String, _ summary: String, details: String = "", source endpoint: String, example: String,
            _ read: @escaping @Sendable (Account) async throws -> JSONSlice
        ) -> LuaFunction {
            LuaFunction(
                name, summary, details: details, returns: [LuaReturn(.table, "HubSpot's answer.")], source: endpoint,
                example: example,
                body: .suspending { call in
                    [
                        .json(
                            try await source.use(for: call) { session in
                                let answer = try await read(Account(session: session))
                                if let id = answer.field("portalId")?.integer { source.learn(portalID: id) }
                                return answer
                            })
                    ]
                })
        }
        return LuaModule(
            "hubspot.account", "What HubSpot says about the account.",
            functions: [
                reading(
                    "info", "Fetches the account's details.",
                    details: "`{ portalId, accountType, timeZone, companyCurrency, utcOffset, uiDomain, "
                        + "dataHostingLocation }`.",
                    source: "GET /account-info/{version}/details", example: "hubspot.account.info().portalId"
                ) { try await $0.info() },
                reading(
                    "usage", "Fetches how many calls all private apps made today.",
                    details: "`{ results = { { name, usageLimit, currentUsage, collectedAt, resetsAt } } }`. HubSpot "
                        + "caches it for minutes; `hubspot.limits.state()` costs nothing.",
                    source: "GET /account-info/{version}/api-usage/daily/private-apps",
                    example: "hubspot.account.usage().results[1].currentUsage"
                ) { try await $0.usage() },
                LuaFunction(
                    "limits",
                    "Fetches how much of something the account holds and may hold: records of each type, if left "
                        + "out.",
                    details:
                        "Records and pipelines: `{ hubspotDefinedObjectTypes = { { objectTypeId, pluralLabel, limit, "
                        + "usage, percentage } }, customObjectTypes }`.",
                    parameters: [
                        .optional(
                            "what",
                            .choice([
                                "records", "pipelines", "custom-properties", "calculated-properties",
                                "custom-object-types",
                            ]), "Of what.")
                    ], returns: [LuaReturn(.table, "HubSpot's answer.")], source: "GET /crm/limits/{version}/{what}",
                    example: "hubspot.account.limits()",
                    body: .suspending { call in
                        let what = call.string("what") ?? "records"
                        return [.json(try await source.use(for: call) { try await Account(session: $0).limits(what) })]
                    }),
                today(source),
                reading(
                    "scopes", "Fetches what the token may do.",
                    details: "`{ userId, hubId, appId, scopes }`. The token itself is never shown.",
                    source: "POST /oauth/v2/private-apps/get/access-token-info",
                    example: "hubspot.account.scopes().scopes"
                ) { try await $0.scopes() },
            ], shapes: [.day], prelude: Prelude.account)
    }

    private static func today(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "today", "Tells which day it is in the account's time zone, or will be in some days.",
            details:
                "`{ year, month, day }`, which every date takes: a property's, a search's, a form's. It prints as "
                + "`2026-11-22`. A moment some days from now is `os.time() + 7 * 86400`. The time zone is asked for once.",
            parameters: [.optional("days", .integer, "So many days on; before today where negative.")],
            returns: [LuaReturn(.shape(.day), "The day.")], source: "GET /account-info/{version}/details",
            example: "hubspot.account.today(7)",
            body: .suspending { call in
                let days = call.integer("days") ?? 0
                let day = try await source.use(for: call) { session in
                    try await call.telling("days") { try await session.today(adding: days) }
                }
                let parts = day.day.split(separator: "-").map { LuaValue.integer(Int64($0) ?? 0) }
                return [
                    .object(Array(zip(["year", "month", "day"], parts)), metatable: LuaNames.day)
                ]
            })
    }
}

extension LuaShape {
    static let day = LuaShape(
        "hubspot.Day", "A day. It prints as `2026-11-22`.",
        fields: [
            .required("year", .integer, ""), .required("month", .integer, "1 to 12."),
            .required("day", .integer, "1 to 31."),
        ])
}
