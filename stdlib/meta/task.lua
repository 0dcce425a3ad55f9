---@meta
-- Made from the declarations in Sources/Bindings by `scripts/format --generated`.

--- A task.
---@class task.Task
---@field await fun(self: task.Task): any Waits for it and returns its results, or raises its error.
---@field cancel fun(self: task.Task) Stops it. Awaiting it then raises kind cancelled.

--- How many at a time.
---@class task.MapOpts
---@field concurrency? integer Tasks at a time: 1,000 if left out.
---@field checkpoint? string The name under which the loop goes on when the script is started again.
---@field key? function With `checkpoint`: called as f is, returns what an element is known by, text or a number. Left out: a record's id, or the element itself.
---@field on_unknown? "send"|"skip" With `checkpoint`: what becomes of a write that may have been carried out before, where no look-up can tell. Left out: an error of kind fate_unknown.

--- Runs several things at once: a task waits for HubSpot while others go on.
---@class task
task = {}

--- Starts a task.
---
--- `f` first runs when the spawner waits or ends. A script ends when its last task has ended. An error in a task that nobody awaits is reported when its parent ends, and the others go on.
---
--- Example: `local t = task.spawn(hubspot.contacts.count); print(t:await())`
---@param f function What runs.
---@param ... any Its arguments.
---@return task.Task # The task: `t:await()`, `t:cancel()`.
function task.spawn(f, ...) end

--- Waits; the other tasks go on.
---
--- `task.sleep(0)` lets the others run.
---
--- Example: `task.sleep(0.5)`
---@param seconds number How long, 0 or more.
function task.sleep(seconds) end

--- Runs f, but no longer than that.
---
--- Then f is stopped, and an error of kind timeout is raised.
---
--- Raises timeout.
---
--- Example: `task.timeout(5, function() return hubspot.contacts.count() end)`
---@param seconds number How long, 0 or more.
---@param f function What runs.
---@return any # What f returns.
function task.timeout(seconds, f) end

--- Runs functions at once and waits for all.
---
--- The first error stops the others and is raised unchanged.
---
--- Example: `task.all{ hubspot.contacts.count, hubspot.companies.count }`
---@param functions function[] What runs.
---@return table # The first result of each in the list's order. How many there are is in `n`, which is no entry.
function task.all(functions) end

--- Calls f for each element, many at a time, and keeps the results.
---
--- An iterator is drawn from on demand. The first error stops the others and is raised unchanged. With `checkpoint` as `each` has it; what `f` returns is kept too, so it has to be what JSON can hold, and `map` answers it as it was kept: plain tables.
---
--- Raises fate_unknown, checkpoint_mismatch.
---
--- Example: `task.map({ 501, 502 }, function(id) return hubspot.contacts.get(id) end)`
---@param items table|function A list, or an iterator such as `hubspot.contacts.each()`.
---@param f function Called as f(value, index), with an iterator as f(its values...).
---@param opts? task.MapOpts How many at a time, and whether the loop can be gone on with.
---@return table # The first result of each in order. How many there are is in `n`, which is no entry.
function task.map(items, f, opts) end

--- Calls f for each element, many at a time.
---
--- As `map` without results. With `checkpoint`, the loop goes on where it stopped when the script is started again, after a crash too: an element whose `f` has returned is left out. One that was under way runs again, and in it each write that was done answers what it answered then, without being sent; one that may have been carried out is first looked up, by its id or a unique value. If `f` writes something else than before, that raises checkpoint_mismatch. The checkpoint ends when its loop has ended without an error; `--fresh` begins anew. It belongs to the script, the portal and the profile, and lies in the journal; on a simulator in this process it ends with the process. Two elements with one key are an error, and so is a checkpoint that another process goes on with. A loop within an element may have a checkpoint of its own, which ends with that element.
---
--- Raises fate_unknown, checkpoint_mismatch.
---
--- Example: `task.each(hubspot.contacts.each{ max = 20 }, function(contact) print(contact.email) end)`
---@param items table|function A list, or an iterator such as `hubspot.contacts.each()`.
---@param f function Called as f(value, index), with an iterator as f(its values...).
---@param opts? task.MapOpts How many at a time, and whether the loop can be gone on with.
function task.each(items, f, opts) end
