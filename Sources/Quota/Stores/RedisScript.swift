import Digests

/// Compare and set: the one thing that Redis decides by itself. It hands out the time and the records that the caller
/// does not know yet, and takes new ones where the caller knew them all.
///
/// `KEYS`: the clock, then records. A record's first eight bytes are its version, made up anew with each change.
/// `ARGV`: a test's time or nothing, for how long keys are kept; then for each record the version that the caller knows
/// (nothing: of no record) and what to write (nothing: leave it; `gone`: delete it).
/// Returns the time in microseconds, 1 where every record was known, and then written; and for each record 1 where it
/// was known, else its bytes, none where it does not exist.
enum RedisScript {
    /// The digest by which EVALSHA knows it.
    static let digest = Digest.sha1(source.utf8).hexadecimal

    static let source = #"""
        local now = ARGV[1]
        if now == "" then
          -- Where the server's clock is set back, time goes on from where it was.
          local time = redis.call("TIME")
          local wall = time[1] * 1000000 + time[2]
          local last, ahead = string.match(redis.call("GET", KEYS[1]) or "", "^(%d+) (%d+)$")
          ahead = math.max(tonumber(ahead or 0), tonumber(last or 0) - wall)
          now = string.format("%.0f", wall + ahead)
          redis.call("SET", KEYS[1], now .. string.format(" %.0f", ahead), "PX", ARGV[2])
        end
        local answer, knowsAll = { now, 1 }, true
        for i = 2, #KEYS do
          local record = redis.call("GET", KEYS[i]) or ""
          local isKnown = string.sub(record, 1, 8) == ARGV[2 * i - 1]
          answer[i + 1] = isKnown and 1 or record
          knowsAll = knowsAll and isKnown
        end
        if not knowsAll then answer[2] = 0 end
        for i = 2, knowsAll and #KEYS or 0 do
          local new = ARGV[2 * i]
          if new == "gone" then redis.call("DEL", KEYS[i])
          elseif new ~= "" then redis.call("SET", KEYS[i], new, "PX", ARGV[2]) end
        end
        return answer
        """#
}
