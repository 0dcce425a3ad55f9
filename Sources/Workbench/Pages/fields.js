// Draws a form from its model: a box for each field, with its control, its help and the place of its problem.
import { ask, make } from "./dom.js"

let count = 0
const types = { email: "email", phone: "tel", mobile_phone: "tel", datepicker: "date", file: "url" }
const modes = { number: "decimal", phone: "tel", mobile_phone: "tel", email: "email", file: "url" }

/** All fields and, between their groups, the form's own texts. `uploadRefusal` says why no file can be uploaded, if none can. */
export function drawFields(model, place, uploadRefusal) {
  let group = -1
  const boxes = []
  for (const field of model.fields) {
    if (field.group !== group) boxes.push(...textsOf(model, group, field.group))
    group = field.group
    boxes.push(drawField(field, uploadRefusal))
  }
  boxes.push(...textsOf(model, group, Infinity))
  place.replaceChildren(...boxes)
}

function textsOf(model, after, last) {
  return (model.texts ?? []).filter((text) => text.group > after && text.group <= last)
    .map((text) => make("p", { class: "help", dir: "auto", text: text.text }))
}

function drawField(field, uploadRefusal) {
  const id = `field-${++count}`
  const box = make("div", { class: "field", "data-field": field.key })
  if (field.dependent_on) box.classList.add("dependent")
  if (field.hidden) box.classList.add("hidden-field")
  const helps = helpsOf(field).map((text, index) => make("p", { class: "help", id: `${id}-help-${index}`, dir: "auto", text }))
  const problem = make("p", { class: "problem", id: `${id}-problem`, "data-error": field.key })
  const described = [...helps.map((help) => help.id), problem.id].join(" ")
  const common = {
    name: field.key, "aria-describedby": described, "aria-required": field.required ? "true" : null,
    placeholder: field.placeholder || null,
  }
  if (["radio", "payment_link_radio", "multiple_checkboxes"].includes(field.type)) {
    box.append(make("fieldset", { "aria-describedby": described }, label("legend", field), ...helps, choices(field, id, common)))
  } else if (field.type === "single_checkbox") {
    const input = make("input", { ...common, id, type: "checkbox", placeholder: null })
    input.checked = field.default === "true"
    box.append(make("label", { class: "check", for: id }, input, label("span", field)), ...helps)
  } else {
    box.append(label("label", field, id), control(field, { ...common, id }, uploadRefusal), ...helps)
  }
  box.append(problem)
  return box
}

/** The words below a control. */
function helpsOf(field) {
  const blocked = field.validation?.blockedEmailDomains ?? []
  const { minDigits, maxDigits, min, max } = field.validation ?? {}
  const range = (from, to, what) =>
    from === undefined && to === undefined ? null
      : to === undefined ? `${what} from ${from}` : from === undefined ? `${what} up to ${to}` : `${what} from ${from} to ${to}`
  return [
    field.description || null,
    field.hidden ? "Hidden on a site; sent with this value." : null,
    blocked.length > 0 ? `Not from ${blocked.join(", ")}.` : null,
    field.validation?.useDefaultBlockList ? "Not from free providers." : null,
    range(minDigits, maxDigits, "Digits"), range(min, max, "Numbers"),
    field.type === "file" ? "The address of a file. A website's server uploads it first, by the Files API and with a token, and sends "
      + "the address on: HubSpot takes no file with a submission." : null,
  ].filter((text) => text)
}

function label(name, field, id) {
  const element = make(name, { for: id ?? null, dir: "auto" }, field.label || field.name)
  if (field.required) element.append(make("span", { class: "star", "aria-hidden": "true", text: " *" }))
  return element
}

function control(field, attributes, uploadRefusal) {
  if (field.type === "multi_line_text") {
    const area = make("textarea", { ...attributes, rows: "3" })
    area.value = field.default ?? ""
    return area
  }
  if (field.type === "dropdown") {
    const none = make("option", { value: "", text: field.placeholder || "Please choose" })
    const options = (field.options ?? []).map((option) => make("option", { value: option.value, text: option.label }))
    const select = make("select", { ...attributes, placeholder: null }, none, ...options)
    select.value = field.default ?? ""
    return select
  }
  const input = make("input", {
    ...attributes, type: types[field.type] ?? "text", inputmode: modes[field.type] ?? null,
    placeholder: attributes.placeholder ?? (field.type === "file" ? "https://" : null),
  })
  input.value = field.default ?? ""
  return field.type === "file" ? withUpload(input, field, uploadRefusal) : input
}

/** Files go to the portal as they are chosen; their addresses go into the field. */
function withUpload(input, field, refusal) {
  if (refusal) return make("div", {}, input, make("p", { class: "help", text: `No file can be uploaded here: ${refusal}.` }))
  const file = make("input", { type: "file", hidden: true, tabindex: "-1", "aria-hidden": "true", multiple: Boolean(field.several) })
  const button = make("button", { type: "button", text: "Upload …" })
  const said = make("span", { class: "help", role: "status" })
  button.addEventListener("click", () => file.click())
  file.addEventListener("change", async () => {
    const chosen = [...file.files]
    file.value = ""
    for (const [place, one] of chosen.entries()) {
      said.textContent = `Uploading ${one.name} …`
      try {
        const { url } = await ask(`files/${encodeURIComponent(one.name)}`, "POST", one)
        input.value = field.several && input.value !== "" || place > 0 ? `${input.value};${url}` : url
        input.dispatchEvent(new Event("input", { bubbles: true }))
        said.textContent = `${one.name} is uploaded, for people of the portal alone.`
      } catch (error) {
        said.textContent = error.message
        return
      }
    }
  })
  return make("div", { class: "upload" }, input, button, file, said)
}

function choices(field, id, common) {
  const isSeveral = field.type === "multiple_checkboxes"
  const chosen = new Set((field.default ?? "").split(";"))
  const options = (field.options ?? []).map((option, index) => {
    const input = make("input", {
      id: `${id}-${index}`, type: isSeveral ? "checkbox" : "radio", name: common.name, value: option.value,
      "aria-required": isSeveral ? null : common["aria-required"],
    })
    input.checked = chosen.has(option.value)
    const text = make("span", { dir: "auto", text: option.label })
    if (option.description) text.append(make("span", { class: "help", text: ` ${option.description}` }))
    return make("label", { class: "check", for: input.id }, input, text)
  })
  return make("div", { class: "options" }, ...options)
}

/** The boxes that a form asks consent with. */
export function drawConsent(consent, place) {
  const parts = []
  const say = (text) => { if (text) parts.push(make("p", { class: "help", dir: "auto", text })) }
  const problem = make("p", { class: "problem", id: "consent-problem", "data-error": "legalConsentOptions" })
  const box = (name, text, isRequired) => {
    const id = `consent-${++count}`
    const caption = make("span", { dir: "auto", text })
    if (isRequired) caption.append(make("span", { class: "star", "aria-hidden": "true", text: " *" }))
    const input = make("input", {
      id, name, type: "checkbox", "aria-describedby": problem.id, "aria-required": isRequired ? "true" : null,
    })
    parts.push(make("label", { class: "check", for: id }, input, caption))
  }
  if (consent && consent.type !== "none") {
    say(consent.communicationText)
    for (const one of consent.communications ?? []) {
      box(`consent.communication.${one.subscriptionTypeId}`, one.label || "Subscription", one.required)
    }
    say(consent.processText)
    if (consent.type === "explicit_consent_to_process") {
      box("consent.process", consent.processLabel || consent.processText || "I agree", true)
    }
    say(consent.processFooter)
    say(consent.privacyText)
    parts.push(problem)
  }
  place.replaceChildren(...parts)
}
