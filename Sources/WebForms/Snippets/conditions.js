// Whether a dependent field appears, given the value of the field that it depends on.
// A condition that cannot be judged in a page lets it appear.
function conditionHolds(condition, value) {
  const chosen = value.split(";").filter((choice) => choice !== "");
  const wanted = condition.values;
  const same = () => chosen.every((choice) => wanted.includes(choice)) && wanted.every((choice) => chosen.includes(choice));
  const compare = (bound, holds) =>
    value.trim() !== "" && bound !== undefined && holds(Number(value), Number(bound));
  const between = () => compare(condition.from, (a, b) => a >= b) && compare(condition.to, (a, b) => a <= b);
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
    case "lt": return compare(wanted[0], (a, b) => a < b);
    case "lte": return compare(wanted[0], (a, b) => a <= b);
    case "gt": return compare(wanted[0], (a, b) => a > b);
    case "gte": return compare(wanted[0], (a, b) => a >= b);
    case "between": return between();
    case "not_between": return compare("0", () => !Number.isNaN(Number(value))) && !between();
    default: return true;
  }
}

// Whether a visitor sees a field: its condition holds, and the field that it depends on is there.
function isShown(model, valueOf, field) {
  const condition = field.dependent_on;
  if (!condition) return true;
  const other = model.fields.find((candidate) => candidate.key === condition.key);
  if (!other) return true;
  return conditionHolds(condition, valueOf(other)) && isShown(model, valueOf, other);
}
