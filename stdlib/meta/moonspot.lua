---@meta
-- Made from the declarations in Sources/Bindings by `scripts/format --generated`.

--- What is shown.
---@class moonspot.HelpOpts
---@field source? boolean The source of a Lua function, or where a binding is declared.

--- What the console does, for scripts too: its functions are globals, `show` and `help`.
---@class moonspot
moonspot = {}

--- Prints values as the console does.
---
--- Records and pages are tables; of an iterator the first rows are shown, and are still to come in a loop. `--output` decides the format.
---
--- Example: `show(hubspot.contacts.list{ limit = 3 })`
---@param ... any What is printed, one below the other.
function moonspot.show(...) end

--- Prints what a function or a module does, or the pages that hold some words.
---
--- `?name` at the prompt is the same.
---
--- Example: `help(hubspot.contacts.get) help "recycle bin"`
---@param what? any A function, a module, a name, or words; without it, what there is.
---@param opts? moonspot.HelpOpts What is shown.
function moonspot.help(what, opts) end

show = moonspot.show
help = moonspot.help
