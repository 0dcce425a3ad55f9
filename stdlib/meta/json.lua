---@meta
-- Made from the declarations in Sources/Bindings by `scripts/format --generated`.

--- JSON's null.
---@class json.Null

--- How it looks.
---@class json.EncodeOpts
---@field pretty? boolean Indented by two spaces.

--- Reads and writes JSON.
---@class json
---@field null json.Null JSON's null where a nil would leave no trace.
json = {}

--- Writes a value as JSON.
---
--- Keys exactly 1..n make a list, all strings an object; an empty table is `{}` unless it was made with `json.array` or read from `[]`. NaN, infinity, text that is not UTF-8, cycles and functions are errors that name the place.
---
--- Raises invalid_argument.
---
--- Example: `json.encode{ name = "Ada", tags = json.array{} }`
---@param value? any What is written; nil as `null`.
---@param opts? json.EncodeOpts How it looks.
---@return string # The JSON text.
function json.encode(value, opts) end

--- Reads JSON.
---
--- An object's null is nil, a list's is `json.null`; of doubled names the last counts; an integer beyond 64 bits becomes a float.
---
--- Raises invalid_argument.
---
--- Example: `json.decode('{"a":[1,2.5,null]}').a[1]`
---@param text string The JSON text.
---@return any # The value.
function json.decode(text) end

--- Makes a table that encodes as a list when it is empty.
---
--- Example: `json.encode(json.array{})`
---@param list? table The table; a new one if left out.
---@return table # The same table.
function json.array(list) end
