// HubSpot: a client for HubSpot's API that keeps to the account's rate limits.
//
// One ``Session`` holds a credential, a transport, a limiter and a retry policy. Everything that talks to HubSpot
// goes through ``Session/send(_:)``; the resources (contacts, forms, ...) build requests for it and read the answers.
//
// This target must not know Lua, a terminal, or the process's arguments; what it needs of the environment is passed
// in by the opener of the session.

/// This library's name in the `User-Agent` header.
package enum MoonspotVersion {
    package static let current = "0.1.0"
}
