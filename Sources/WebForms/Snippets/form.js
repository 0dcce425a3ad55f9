// The value of a field as HubSpot takes it: choices joined by ";", a box "true" or "false", a date in milliseconds at
// midnight in UTC. Controls that are disabled, since their field does not appear, have none.
function readValue(form, field) {
  const controls = [...form.elements].filter((control) => control.name === field.key && !control.disabled);
  if (controls.length === 0) return "";
  const first = controls[0];
  if (field.type === "single_checkbox") return first.checked ? "true" : "false";
  if (first.type === "radio" || first.type === "checkbox") {
    return controls.filter((control) => control.checked).map((control) => control.value).join(";");
  }
  if (first.type === "date") return first.value === "" ? "" : String(Date.parse(first.value + "T00:00:00Z"));
  return first.value.trim();
}

// What the visitor has ticked.
function readAgreed(form) {
  const agreed = { process: false, communications: {} };
  for (const control of form.elements) {
    if (control.name === "consent.process") agreed.process = control.checked;
    const communication = /^consent\.communication\.(\d+)$/.exec(control.name);
    if (communication) agreed.communications[communication[1]] = control.checked;
  }
  return agreed;
}

// Shows the dependent fields whose condition holds, and hides the others. In the form's order, so that a field stands
// behind the one that it depends on.
function updateShown(form, model) {
  const wrappers = [...form.querySelectorAll("[data-field]")];
  for (const field of model.fields) {
    const place = wrappers.findIndex((wrapper) => wrapper.dataset.field === field.key);
    if (place < 0) continue;
    const [wrapper] = wrappers.splice(place, 1);
    if (!field.dependent_on) continue;
    const shown = isShown(model, (other) => readValue(form, other), field);
    wrapper.hidden = !shown;
    for (const control of wrapper.querySelectorAll("input, select, textarea")) control.disabled = !shown;
  }
}

// Puts each error beside its field, and those that are about none of them under the form.
function showErrors(form, model, errors) {
  for (const place of form.querySelectorAll("[data-error]")) place.textContent = "";
  for (const control of form.elements) control.removeAttribute("aria-invalid");
  for (const error of errors) {
    const key = errorKey(model, error);
    const places = [...form.querySelectorAll("[data-error]")];
    const place = places.find((candidate) => candidate.dataset.error === key && !candidate.closest("[hidden]"))
      || places.find((candidate) => candidate.dataset.error === "");
    if (place) place.textContent = [place.textContent, errorText(error)].filter(Boolean).join(" ");
    for (const control of form.elements) {
      if (key !== "" && control.name === key) control.setAttribute("aria-invalid", "true");
    }
  }
}
