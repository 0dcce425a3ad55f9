// Quota: sends no faster than a server admits that counts arrivals in rolling windows, alone or together with other
// processes and machines.
//
// ``QuotaState`` decides, without a clock or a thread of its own; a ``LimiterStore`` keeps its records in memory, in a
// file or on a Redis server; the ``Limiter`` lets calls wait in front of a store. Which windows there are, the user of the
// target says in a ``QuotaLayout``.
//
// This target must not know HubSpot, HTTP or Lua: what an answer says about limits comes in as a ``ObservedLimits``.
