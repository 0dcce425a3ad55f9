// Waiting: how one task waits for what another one finishes, and stops waiting when it is cancelled.
//
// This target knows nothing else: no clock, no HubSpot, no Lua.
