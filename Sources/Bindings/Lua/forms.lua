pages("list")
iterator("each")
pages("submissions")
iterator("each_submission")

-- The functions of a form that was looked up are the module's, with the form's id for their first argument.
local methods = {}
for _, name in ipairs{ "check", "preview", "submit_and_wait", "submissions", "each_submission", "snippet" } do
  methods[name] = function(form, ...) return module[name](form.id, ...) end
end
function methods.submit(form, ...) return primitives.submit(form.id, ...) end

function bodies.open(guid, opts)
  local form, drawing = primitives.open(guid, opts)
  return setmetatable(form, {
    __name = "hubspot.form",
    __index = function(_, name)
      local method = methods[name]
      if method then
        return function(self, ...)
          if self ~= form then
            primitives.refuse("bad argument 'self' to 'form:" .. name .. "' (write form:" .. name
              .. "(…), with a colon)")
          end
          return method(form, ...)
        end
      end
      return nil
    end,
    __tostring = function() return drawing end,
  })
end
