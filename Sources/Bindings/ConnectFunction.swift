public import HubSpot
import LuaRuntime

/// Opens the session of a profile, by its name; the same session each time.
///
/// - Throws: kind `invalid_argument` for a profile that does not exist or cannot be used, `unauthenticated` for one without
///   a credential, `not_allowed` where a script may open no other session.
public typealias SessionConnector = @Sendable (_ profile: String) throws(HubSpotError) -> SessionSource

extension LuaFunction {
    /// `hubspot.connect(profile)`.
    static func connect(_ connect: SessionConnector?, readsFiles: Bool) -> LuaFunction {
        LuaFunction(
            "connect", "Opens the session of another profile: a table with everything that `hubspot` has.",
            details:
                "The session has its own portal, limits and permissions, and the profile's own credential, whatever "
                + "`HUBSPOT_ACCESS_TOKEN` says. `--read-only`, `--dry-run` and `--allow` hold for it as well. The same "
                + "profile is the same session. With `--simulator` it is a portal of its own in the simulator. Not with "
                + "`--untrusted`.",
            parameters: [.required("profile", .string, "Its name in config.toml.")],
            returns: [LuaReturn(.named("hubspot"), "The same functions as `hubspot` has.")],
            raises: ["invalid_argument", "unauthenticated", "not_allowed"],
            example: "hubspot.connect(\"client-b\").contacts.count()",
            body: .immediate { call in
                guard let connect else { throw HubSpotError(.notAllowed, "no other session can be opened here") }
                let source = try connect(call.string("profile") ?? "")
                return [.module(.hubspot(source, readsFiles: readsFiles, connect: connect))]
            })
    }
}
