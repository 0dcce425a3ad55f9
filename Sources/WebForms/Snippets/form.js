// The controls of a form. (form.elements would be the field of that name, where there is one.)
const controlsOf = (form) => [...form.querySelectorAll("input, select, textarea")];

// The value of a field as HubSpot takes it: choices joined by ";", a box "true" or "false", a date in milliseconds at
// midnight in UTC.
function readValue(form, field) {
  const controls = controlsOf(form).filter((control) => control.name === field.key);
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
  for (const control of controlsOf(form)) {
    if (control.name === "consent.process") agreed.process = control.checked;
    const communication = /^consent\.communication\.(\d+)$/.exec(control.name);
    if (communication) agreed.communications[communication[1]] = control.checked;
  }
  return agreed;
}

// Shows the dependent fields whose condition holds, and hides the others.
function updateShown(form, model) {
  const shown = shownKeys(model, (field) => readValue(form, field));
  const dependent = new Set(model.fields.filter((field) => field.dependent_on).map((field) => field.key));
  for (const wrapper of form.querySelectorAll("[data-field]")) {
    if (!dependent.has(wrapper.dataset.field)) continue;
    wrapper.hidden = !shown.has(wrapper.dataset.field);
    for (const control of wrapper.querySelectorAll("input, select, textarea")) control.disabled = wrapper.hidden;
  }
}

// Puts each error beside its field, and those that are about none of them under the form.
function showErrors(form, model, errors) {
  for (const place of form.querySelectorAll("[data-error]")) place.textContent = "";
  for (const control of controlsOf(form)) control.removeAttribute("aria-invalid");
  for (const error of errors) {
    const key = errorKey(model, error);
    const places = [...form.querySelectorAll("[data-error]")];
    const place = places.find((candidate) => candidate.dataset.error === key && !candidate.closest("[hidden]"))
      || places.find((candidate) => candidate.dataset.error === "");
    if (place) place.textContent = [place.textContent, errorText(error)].filter(Boolean).join(" ");
    for (const control of controlsOf(form)) {
      if (key !== "" && control.name === key) control.setAttribute("aria-invalid", "true");
    }
  }
}
