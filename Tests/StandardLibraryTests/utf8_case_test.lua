local utf8_case = require("utf8_case")

local tests = {}

tests["folds every script that has case"] = function(t)
  for text, folded in pairs({
    ["ADA"] = "ada", ["ÄÖÜ"] = "äöü", ["Straße"] = "strasse", ["ΣΊΣΥΦΟΣ"] = "σίσυφοσ", ["ЁЖИК"] = "ёжик",
    ["ﬁne"] = "fine", ["İ"] = "i̇", ["𐐀"] = "𐐨", ["日本"] = "日本", ["K"] = "k",
  }) do
    t.equal(utf8_case.fold(text), folded)
  end
end

tests["leaves bytes alone that are no UTF-8"] = function(t)
  t.equal(utf8_case.fold("A\xFF\xC3Z"), "a\xFF\xC3z")
end

tests["compares and finds"] = function(t)
  t.equal(utf8_case.equal("MASSE", "Maße"), true)
  t.equal(utf8_case.equal("Ada", "Eda"), false)
  t.equal(utf8_case.find("Der Ärger", "ÄRGER"), 5)
  t.equal(utf8_case.find("a.c", "ABC"), nil)
end

return tests
