// Waiting: how one task waits for another one's result, and stops waiting when it is cancelled.
//
// This target knows nothing else: no clock, no HubSpot, no Lua.
