import Crypto

/// The limiter's rules as Redis runs them: one atomic script for each decision. They are those of ``LaneWindow``,
/// ``DayState`` and ``LimiterState``, which explain them; times are in microseconds of the server's clock, which never
/// goes backward here.
///
/// `KEYS`: the token's record, the server's clock. `ARGV[1]`: the input, as JSON. Only the account's key follows from
/// what is read, so a Redis Cluster cannot be used.
enum RedisScript {
    /// What EVALSHA knows it by.
    static let digest = Insecure.SHA1.hash(data: Array(source.utf8)).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()

    static let source = #"""
        local input = cjson.decode(ARGV[1])
        local KEPT = 36 * 3600 * 1000

        local function load(key)
          local raw = redis.call("GET", key)
          local record = raw and cmsgpack.unpack(raw) or { v = 1 }
          if record.v ~= 1 then error("a newer moonspot wrote " .. key .. " (version " .. tostring(record.v) .. ")") end
          return record
        end
        local function save(key, record) redis.call("SET", key, cmsgpack.pack(record), "PX", KEPT) end

        -- The clock goes on from where it was when the server's is set back.
        local function tell()
          if input.now then return input.now end
          local time = redis.call("TIME")
          local now = time[1] * 1000000 + time[2]
          local known = redis.call("GET", KEYS[2])
          local last, offset = 0, 0
          if known then
            local record = cmsgpack.unpack(known)
            last, offset = record[1], record[2]
          end
          if now + offset < last then offset = last - now end
          redis.call("SET", KEYS[2], cmsgpack.pack({ now + offset, offset }), "PX", KEPT)
          return now + offset
        end

        local now = tell()

        local function whole(lane)
          lane = lane or {}
          lane.taken, lane.horizon = lane.taken or 0, lane.horizon or 0
          lane.unanswered, lane.answered, lane.foreign = lane.unanswered or {}, lane.answered or {}, lane.foreign or {}
          return lane
        end
        local function load_account(key)
          local record = load(key)
          record.search, record.day = whole(record.search), record.day or {}
          record.day.counted, record.day.taken = record.day.counted or 0, record.day.taken or 0
          return record
        end

        local token = load(KEYS[1])
        token.burst, token.associations, token.forms = whole(token.burst), whole(token.associations), whole(token.forms)
        token.marks = token.marks or {}
        local account_key = token.portal and input.accounts .. token.portal or KEYS[1] .. ":account"
        local account = load_account(account_key)

        local function joined(a, b)
          local places = {}
          for _, list in ipairs({ a, b }) do
            for i = 1, #list, 2 do places[#places + 1] = { list[i], list[i + 1] } end
          end
          table.sort(places, function(x, y) return x[1] < y[1] end)
          local list = {}
          for _, place in ipairs(places) do
            list[#list + 1] = place[1]
            list[#list + 1] = place[2]
          end
          return list
        end

        -- Once its portal is known, a token counts with the others of that account, together with what it has counted.
        local linked = false
        if input.portal and token.portal ~= input.portal then
          linked = true
          local key = input.accounts .. input.portal
          local theirs = load_account(key)
          if not token.portal then
            local search, from = theirs.search, account.search
            for id, deadline in pairs(from.unanswered) do search.unanswered[id] = deadline end
            search.answered = joined(search.answered, from.answered)
            search.foreign = joined(search.foreign, from.foreign)
            search.horizon, search.taken = math.max(search.horizon, from.horizon), math.max(search.taken, from.taken)
            search.closed = search.closed or from.closed
            local day, known = theirs.day, account.day
            day.limit, day.remaining = known.limit or day.limit, known.remaining or day.remaining
            day.resets, day.closed = known.resets or day.resets, known.closed or day.closed
            day.counted, day.taken = day.counted + known.counted, math.max(day.taken, known.taken)
            redis.call("DEL", account_key)
          end
          account, account_key, token.portal = theirs, key, input.portal
        end
        local day = account.day
        local lanes = { burst = token.burst, search = account.search, associations = token.associations, forms = token.forms }

        -- Allowances: { count, window }, count 0 where there is no limit. A lower one that the headers told wins.
        local function slower(a, b) return a[1] > 0 and (b[1] == 0 or a[1] * b[2] < b[1] * a[2]) end
        local rules = input.rules
        local given = rules.burst
        local function effective()
          if not token.learnt then return end
          if not input.burstGiven or slower(token.learnt, given) then rules.burst = token.learnt else rules.burst = given end
        end
        effective()

        local function dropped(list, through)
          local first = 1
          while list[first] and list[first] <= through do first = first + 2 end
          if first == 1 then return list end
          local rest = {}
          for i = first, #list do rest[#rest + 1] = list[i] end
          return rest
        end
        for name, lane in pairs(lanes) do
          -- Others may count by the usual window.
          lane.horizon = math.max(lane.horizon, rules[name][2], name == "search" and 1000000 or 10000000)
          lane.answered = dropped(lane.answered, now - lane.horizon)
          lane.foreign = dropped(lane.foreign, now - lane.horizon)
          for id, deadline in pairs(lane.unanswered) do
            if deadline + lane.horizon <= now then lane.unanswered[id] = nil end
          end
          if lane.closed and lane.closed <= now then lane.closed = nil end
        end
        if day.resets and day.resets <= now then
          day.resets = day.resets + 86400 * 1000000
          day.remaining, day.counted, day.closed = day.limit, 0, nil
        end
        if day.closed and day.closed <= now then day.closed = nil end
        for i = #token.marks, 1, -1 do
          if token.marks[i].till <= now then table.remove(token.marks, i) end
        end

        -- How many places count, when the first ends, and how many requests are unanswered.
        local function tally(name)
          local lane, window = lanes[name], rules[name][2]
          local own, foreign, flying, first = 0, 0, 0, nil
          local function places(list)
            local sum = 0
            for i = 1, #list, 2 do
              local ends = list[i] + window
              if ends > now then
                sum = sum + list[i + 1]
                first = math.min(first or ends, ends)
              end
            end
            return sum
          end
          own, foreign = places(lane.answered), places(lane.foreign)
          local deadline
          for _, moment in pairs(lane.unanswered) do
            if moment + window > now then
              flying = flying + 1
              deadline = math.min(deadline or moment + window, moment + window)
            end
          end
          return own + flying, foreign, flying, first and deadline and math.min(first, deadline) or first or deadline, deadline
        end

        -- Nil where one more may be sent; else until when not.
        local function full(name)
          local lane, rule = lanes[name], rules[name]
          if lane.closed then return lane.closed, 0 end
          local own, foreign, flying, first, deadline = tally(name)
          if name == "forms" and flying >= 5 then return deadline, flying end
          if rule[1] == 0 or own + foreign < rule[1] then return nil end
          return first, flying
        end

        local function book(list, count, window)
          local moment = now
          if #list >= 2048 then
            local step = math.max(1, math.floor(window / 1024))
            moment = (math.floor(now / step) + 1) * step
          end
          if #list > 0 and list[#list - 1] >= moment then
            list[#list] = list[#list] + count
          else
            list[#list + 1], list[#list + 2] = moment, count
          end
        end

        local function overlaps(mark)
          for _, name in ipairs(input.lanes) do if mark.lanes[name] then return true end end
          return false
        end

        local function finish()
          save(KEYS[1], token)
          save(account_key, account)
        end

        local operation = {}

        function operation.take()
          if input.day then
            local limit, remaining = input.dayLimit, nil
            if day.limit and (not limit or limit == 0 or day.limit < limit) then limit = day.limit end
            local told = day.limit and day.remaining
            if told then remaining = day.remaining else remaining = limit and limit > 0 and limit - day.counted or nil end
            if limit and limit > 0 and told then remaining = limit - math.max(0, day.limit - day.remaining) end
            if day.closed then return { "used", now, day.resets or -1 } end
            if limit and limit > 0 and remaining then
              if remaining <= 0 then
                if day.resets or not told then return { "used", now, day.resets or -1 } end
              elseif not input.typed and remaining <= math.floor(limit * input.reserve) then
                return { "reserved", now, day.resets or -1 }
              end
            end
          end
          local blocked, till, moves = {}, 0, false
          for _, name in ipairs(input.lanes) do
            local moment, flying = full(name)
            if moment then
              blocked[name] = true
              till = math.max(till, moment)
              if flying > 0 then moves = true end
            end
          end
          if next(blocked) then
            if moves then till = math.min(till, now + input.poll) end
            if input.typed then
              for i = #token.marks, 1, -1 do
                if token.marks[i].owner == input.owner and overlaps(token.marks[i]) then table.remove(token.marks, i) end
              end
              token.marks[#token.marks + 1] = { owner = input.owner, lanes = blocked, till = till + input.grace }
              save(KEYS[1], token)
            end
            return { "wait", now, till }
          end
          for i = #token.marks, 1, -1 do
            local mark = token.marks[i]
            if overlaps(mark) then
              if not input.typed then return { "wait", now, math.min(mark.till, now + input.polite) } end
              if mark.owner == input.owner then table.remove(token.marks, i) end
            end
          end
          for _, name in ipairs(input.lanes) do
            local lane = lanes[name]
            lane.taken = lane.taken + 1
            lane.unanswered[input.id] = now + input.lifetime
          end
          if input.day then
            day.taken, day.counted = day.taken + 1, day.counted + 1
            if day.remaining then day.remaining = day.remaining - 1 end
          end
          finish()
          local pressure = 0
          for _, name in ipairs(input.lanes) do
            local own, foreign = tally(name)
            if rules[name][1] > 0 then pressure = math.max(pressure, math.min(1, (own + foreign) / rules[name][1])) end
          end
          local own = tally("burst")
          return { "granted", now, token.burst.taken, day.taken, own, math.floor(pressure * 1000) }
        end

        function operation.settle()
          if input.outcome == "unsent" then
            for _, name in ipairs(input.lanes) do lanes[name].unanswered[input.id] = nil end
            if input.day then
              day.counted = day.counted - 1
              if day.remaining then day.remaining = day.remaining + 1 end
            end
            finish()
            return { "settled", now }
          end
          local isBurst = false
          for _, name in ipairs(input.lanes) do
            local lane = lanes[name]
            lane.unanswered[input.id] = nil
            book(lane.answered, 1, rules[name][2])
            if name == "burst" then isBurst = true end
          end
          if isBurst and input.limit and input.limit > 0 then
            token.learnt = { input.limit, input.window or 10000000 }
            effective()
            local remaining = input.remaining
            if remaining and remaining >= 0 and remaining <= input.limit then
              local ours = input.own + math.max(0, token.burst.taken - input.burstTaken)
              local _, foreign = tally("burst")
              local others = input.limit - remaining - ours - foreign
              if others > 0 then book(token.burst.foreign, others, rules.burst[2]) end
            end
          end
          if input.day then
            if input.dailyLimit then day.limit = input.dailyLimit end
            if input.dailyRemaining then
              day.remaining = input.dailyRemaining - math.max(0, day.taken - input.dayTaken)
            end
          end
          local closed = 0
          if input.refused == "day" then
            day.closed = day.resets or now + 300 * 1000000
          elseif input.refused then
            local lane = lanes[input.refused]
            if not lane.closed then closed = 1 end
            lane.closed = math.max(lane.closed or 0, now + input.wait)
          end
          finish()
          return { "settled", now, closed }
        end

        function operation.learn()
          if input.dayLeft then account.day.resets = now + input.dayLeft end
          finish()
          return { "learnt", now }
        end

        function operation.adopt()
          for name, count in pairs(input.places) do
            if count > 0 then book(lanes[name].foreign, count, rules[name][2]) end
          end
          finish()
          return { "adopted", now }
        end

        -- Who shares: a hash beside the token's record, a field for each process.
        function operation.announce()
          local key = KEYS[1] .. ":members"
          local all = redis.call("HGETALL", key)
          for i = 1, #all, 2 do
            if cmsgpack.unpack(all[i + 1])[1] + input.patience < now then redis.call("HDEL", key, all[i]) end
          end
          if input.presence then
            redis.call("HSET", key, input.id, cmsgpack.pack({ now, input.presence }))
            redis.call("PEXPIRE", key, KEPT)
          else
            redis.call("HDEL", key, input.id)
          end
          return { "announced", now }
        end

        function operation.members()
          local list = { "members", now }
          local all = redis.call("HGETALL", KEYS[1] .. ":members")
          for i = 2, #all, 2 do
            local told = cmsgpack.unpack(all[i])
            if told[1] + input.patience >= now then
              list[#list + 1], list[#list + 2] = now - told[1], told[2]
            end
          end
          return list
        end

        function operation.read()
          local function flat(lane)
            local ids = {}
            for id, deadline in pairs(lane.unanswered) do
              ids[#ids + 1] = id
              ids[#ids + 1] = deadline
            end
            return { lane.taken, lane.horizon, lane.closed or -1, ids, lane.answered, lane.foreign }
          end
          local learnt = token.learnt or { 0, 0 }
          return {
            "read", now, flat(token.burst), flat(account.search), flat(token.associations), flat(token.forms), learnt,
            { day.limit or -1, day.limit and day.remaining and 1 or 0, day.remaining or 0, day.counted, day.taken,
              day.resets or -1, day.closed or -1 },
          }
        end

        local reply = operation[input.operation]()
        if linked then finish() end
        return reply
        """#
}
