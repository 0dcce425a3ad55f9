-- beside_get.lua COUNT: reads one contact after the other, each by itself; prints how many there were.
local wanted = tonumber((...))
local ids = {}
for contact in hubspot.contacts.each({ properties = { "email" }, max = 100 }) do ids[#ids + 1] = contact.id end
for i = 1, wanted do
  local contact = hubspot.contacts.get(ids[(i - 1) % #ids + 1], { properties = { "email", "firstname", "lastname" } })
  assert(contact.email)
end
print(wanted)
