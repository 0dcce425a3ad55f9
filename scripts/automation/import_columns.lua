--- The columns of a file that import.lua reads: which property each one is, and what is left out.
local cli = require("cli")
local csv_columns = require("csv_columns")
local csv_text = require("csv_text")
local sent_rows = require("sent_rows")

local M = {}

--- Set by HubSpot itself; an export has them, and an import cannot write them.
local READ_ONLY <const> = {
  id = true, hs_object_id = true, createdate = true, lastmodifieddate = true, hs_createdate = true,
  hs_lastmodifieddate = true, [sent_rows.REASON] = true,
}

--- @class import.Columns
--- @field by? string  What a record is known by; nil where each row is a new one.
--- @field columns { property: string, label: string }[]  Those that are imported.
--- @field left_out string[]  The labels of the others.
--- @field header string[]  As it stands in the file.
--- @field fields string[]  The names of a row's fields, by their positions.
--- @field links string[]  The names of the fields that are linked, by their places in `opts.associate`.
local Columns = {}
Columns.__index = Columns

--- The columns as the options of a command line have them.
--- @param opts table
--- @param path string
--- @param is_contacts boolean
--- @return import.Columns
function M.new(opts, path, is_contacts)
  local mapped = {}
  for _, pair in ipairs(opts.map or {}) do
    if mapped[pair[1]] then
      cli.fail(cli.USAGE, "--map names the column %q twice; give one property for it", pair[1])
    end
    mapped[pair[1]] = true
  end
  return setmetatable({
    opts = opts, path = path, is_contacts = is_contacts,
    by = not opts.create and (opts.by or is_contacts and "email") or nil, columns = {},
    left_out = {}, header = {}, fields = {}, links = {},
  }, Columns)
end

function Columns:no_key()
  if #self.header == 0 then cli.raise("%s: the file is empty", self.path) end
  local other = csv_columns.likely_separator(self.header)
  if not self.by then
    cli.raise("%s: say what a record is known by: --by PROPERTY, or --create for new ones", self.path)
  end
  local hint = other and ("is it --separator '%s'?"):format(other)
    or ("name the column with --map COLUMN=%s"):format(self.by)
  cli.raise("%s: no column is named %s: %s", self.path, self.by, hint)
end

--- The places in `opts.associate` of the columns that are linked, by their positions.
function Columns:linked()
  local positions = {}
  for place, link in ipairs(self.opts.associate or {}) do
    local found = csv_columns.find(self.header, link.column)
    if #found ~= 1 then
      cli.fail(cli.USAGE, "%s: --associate names the column %q, which the file has %s", self.path, link.column,
        #found == 0 and "not" or "several times")
    end
    positions[found[1]] = place
  end
  return positions
end

--- A property for each column of the header: `csv` names the fields by them.
--- @param header string[]
--- @return string[]
function Columns:read(header)
  self.columns, self.left_out, self.header, self.links = {}, {}, header, {}
  local names, taken, path = {}, {}, self.path
  local given, missing = csv_columns.mapped(header, self.opts.map)
  if not given then
    cli.fail(cli.USAGE, "%s: --map names the column %q, which the file does not have", path, missing)
  end
  local links = self:linked()
  if not self.by and not self.opts.create then
    for _, column in ipairs(header) do if column == "id" then self.by = "id" end end
  end
  for index, column in ipairs(header) do
    if not utf8.len(column) then
      cli.raise("%s: the header is not UTF-8 (convert the file: iconv -f WINDOWS-1252 -t UTF-8)", path)
    end
    local property = given[index] or column:match("^%s*(.-)%s*$")
    if self.is_contacts and property:lower() == "email" then property = "email" end
    if links[index] and not given[index] then
      names[index] = "#" .. index
      self.links[links[index]] = names[index]
    elseif property == "" and not given[index] then
      names[index] = "" -- Nothing stands below it, or the row says so.
    elseif property == "" or READ_ONLY[property] and property ~= self.by then
      names[index] = "#" .. index
      self.left_out[#self.left_out + 1] = csv_columns.label(header, index)
    elseif taken[property] then
      local first, second = csv_columns.label(header, taken[property]), csv_columns.label(header, index)
      cli.raise('%s: the header names %s twice, in the columns %q and %q; leave one out: --map "%s="', path, property,
        first, second, second)
    else
      taken[property] = index
      names[index] = property
      self.columns[#self.columns + 1] = { property = property, label = csv_columns.label(header, index) }
      if links[index] then self.links[links[index]] = property end
    end
  end
  if not self.opts.create and not taken[self.by or ""] then self:no_key() end
  if #self.columns == 0 then cli.raise("%s: no column is left to import", path) end
  self.fields = names
  return names
end

--- The record of a row: what it is known by (true for a new one), and its properties. Or nil and the row's fault.
--- @param row table<string, string>
--- @param problem? string  What `csv` found.
function Columns:record(row, problem)
  local by = self.by
  -- A row that is too short for columns that are left out is none the worse for it.
  if problem and row[self.columns[#self.columns].property] == nil then return nil, problem end
  for key in pairs(row) do
    if math.type(key) == "integer" then return nil, problem end
  end
  local key, properties = by and csv_text.trimmed(row[by] or ""), {}
  if key == "" then return nil, by == "email" and "no email address" or "no " .. by end
  for _, column in ipairs(self.columns) do
    local value = row[column.property] or ""
    if not utf8.len(value) then
      return nil, ("%s is not UTF-8 (convert the file: iconv -f WINDOWS-1252 -t UTF-8)"):format(column.label)
    end
    if column.property ~= by and (value ~= "" or self.opts.clear_empty) then properties[column.property] = value end
  end
  if by and by ~= "id" then properties[by] = key end
  return key or true, properties
end

return M
