// Whether a dependent field appears, given the value of the field that it depends on.
// A condition that cannot be judged in a page lets it appear.
function conditionHolds(condition, value) {
  const chosen = value.split(";").map((choice) => choice.trim()).filter((choice) => choice !== "");
  const wanted = condition.values;
  const same = () => chosen.every((choice) => wanted.includes(choice)) && wanted.every((choice) => chosen.includes(choice));
  const number = (text) => /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text ?? "") && Number.isFinite(Number(text))
    ? Number(text) : NaN;  // for which nothing holds
  const is = (holds, bound) => holds(number(value), number(bound));
  const between = () => is((a, b) => a >= b, condition.from) && is((a, b) => a <= b, condition.to);
  switch (condition.operator.toLowerCase()) {
    case "eq": case "set_eq": return same();
    case "neq": case "set_neq": return !same();
    case "set_any": return chosen.some((choice) => wanted.includes(choice));
    case "set_not_any": return !chosen.some((choice) => wanted.includes(choice));
    case "set_all": return wanted.every((choice) => chosen.includes(choice));
    case "set_not_all": return !wanted.every((choice) => chosen.includes(choice));
    case "is_not_empty": return value !== "";
    case "contains": return wanted.some((part) => value.includes(part));
    case "doesnt_contain": return !wanted.some((part) => value.includes(part));
    case "str_starts_with": return wanted.some((part) => value.startsWith(part));
    case "str_ends_with": return wanted.some((part) => value.endsWith(part));
    case "lt": return is((a, b) => a < b, wanted[0]);
    case "lte": return is((a, b) => a <= b, wanted[0]);
    case "gt": return is((a, b) => a > b, wanted[0]);
    case "gte": return is((a, b) => a >= b, wanted[0]);
    case "between": return between();
    case "not_between": return !Number.isNaN(number(value)) && !between();
    default: return true;
  }
}

// The keys of the fields that a visitor sees: those that depend on no other, and those of which a condition holds where the
// field that it asks for is seen.
function shownKeys(model, valueOf) {
  const shown = new Set(model.fields.filter((field) => !field.dependent_on).map((field) => field.key));
  const appears = (field) => [field.dependent_on, ...(field.dependent_on.alternatives ?? [])].some((condition) => {
    const other = model.fields.find((candidate) => candidate.key === condition.key);
    return shown.has(condition.key) && conditionHolds(condition, valueOf(other));
  });
  for (let count = -1; count !== shown.size;) {
    count = shown.size;
    for (const field of model.fields) if (field.dependent_on && appears(field)) shown.add(field.key);
  }
  return shown;
}
