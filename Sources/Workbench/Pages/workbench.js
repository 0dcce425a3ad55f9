// The workbench's page: draws the form, asks what HubSpot would say as one types, sends, and shows what becomes of it.
import { ask, at, copy, make } from "./dom.js"
import { drawConsent, drawFields } from "./fields.js"
import { isOwn, listen, ownHeader, showSubmission } from "./log.js"
import { clearContact, drawSnippets, noteAnswer, showAnswer, showContact, showProblems, showRequest } from "./panels.js"
import { errorKey, readAgreed, readValue, submissionBody, updateShown } from "./form-script.js"

const form = at("form")
const contextNames = ["hutk", "pageUri", "pageName", "ipAddress"]
const touched = new Set()
let portal, model, address, refreshSnippet
let isSending = false
/** What the log says of the page's last submission; it may come before the answer or after it. */
let note = ""
let latest = 0

async function start() {
  try {
    portal = await ask("portal")
  } catch (error) {
    at("form-name").textContent = error.message
    return
  }
  at("portal").textContent = portal.title
  const id = decodeURIComponent(location.pathname.split("/").at(-1)) || portal.opening
  drawChoice(id)
  drawTroubles()
  drawGate()
  listen({
    settings: showSettings, contact: showContact,
    submission(entry) {
      showSubmission(entry)
      if (!isOwn(entry)) return
      note = entry.note ?? ""
      noteAnswer(note)
    },
  })
  if (!id) {
    at("form-name").textContent = "The portal has no forms"
    return
  }
  try {
    const answer = await ask(`forms/${encodeURIComponent(id)}`)
    model = answer.form
    address = answer.address
  } catch (error) {
    at("form-name").textContent = error.message
    return
  }
  drawForm()
}

function drawForm() {
  form.setAttribute("lang", model.language)
  document.title = `${model.name} · Forms workbench`
  at("form-name").textContent = model.name
  at("form-id").textContent = model.id
  drawFields(model, at("fields"), portal.uploadRefusal)
  drawConsent(model.consent, at("consent"))
  const notes = []
  if (model.captcha) notes.push("Captcha is on for this form: HubSpot refuses every submission that comes by its API, as here.")
  at("notes").replaceChildren(...notes.map((text) => make("li", { text })))
  at("address").value = address
  at("copy-address").addEventListener("click", () => copy(at("copy-address"), address))
  refreshSnippet = drawSnippets(portal.snippets, encodeURIComponent(model.id), portal.goesThrough, submission)
  nameButton()
  form.addEventListener("input", change)
  form.addEventListener("change", change)
  form.addEventListener("focusout", (event) => { if (event.target.name) touch(event.target.name) })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    send()
  })
  at("context").addEventListener("input", (event) => {
    touched.add(`context.${event.target.id}`)
    checkSoon()
  })
  at("make-hutk").addEventListener("click", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    at("hutk").value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
    touched.add("context.hutk")
    check()
  })
  updateShown(form, model)
  check()
}

function drawChoice(id) {
  const options = portal.forms.map((one) => make("option", { value: one.id, text: one.name }))
  if (id && !portal.forms.some((one) => one.id === id)) options.unshift(make("option", { value: id, text: id }))
  at("choice").replaceChildren(...options)
  if (id) at("choice").value = id
  at("choice").addEventListener("change", () => { location.assign(encodeURIComponent(at("choice").value)) })
}

function drawTroubles() {
  at("trouble").replaceChildren(...portal.troubles.map((one) => make("option", { value: one.name, text: one.label })))
  at("trouble").addEventListener("change", () => set({ trouble: at("trouble").value }))
}

function drawGate() {
  at("rehearsal").hidden = !portal.isDryRun
  if (!portal.isReal || portal.isDryRun) return
  at("gate").hidden = false
  at("tick-text").textContent = `Send to portal ${portal.portalId}. Without this tick nothing is sent: the form's definition answers. It holds for every page and website until it is unticked.`
  at("tick").addEventListener("change", () => set({ sendsTo: at("tick").checked ? portal.portalId : null }))
}

async function set(settings) {
  try { showSettings(await ask("settings", "PUT", settings)) } catch (error) { at("summary").textContent = error.message }
}

function showSettings(settings) {
  portal.settings = settings
  at("trouble").value = settings.trouble
  at("tick").checked = settings.sendsTo !== null
  nameButton()
}

function nameButton() {
  const name = model?.submitText || "Send"
  const isRehearsal = portal.isDryRun || portal.isReal && portal.settings.sendsTo === null
  at("send").textContent = isRehearsal ? `${name} (rehearsal)` : portal.isReal ? `${name} to portal ${portal.portalId}` : name
}

function touch(name) {
  touched.add(name.startsWith("consent.") ? "legalConsentOptions" : name)
  checkSoon()
}

function change(event) {
  if (!event.target.name) return
  updateShown(form, model)
  touched.add(event.target.name.startsWith("consent.") ? "legalConsentOptions" : event.target.name)
  checkSoon()
}

/** The submission as the form stands. */
function submission() {
  const context = {}
  for (const name of contextNames) {
    const text = at(name).value
    if (text !== "") context[name] = text
  }
  const given = Object.keys(context).length > 0 ? context : undefined
  const body = submissionBody(model, (field) => readValue(form, field), readAgreed(form), given)
  const time = at("submittedAt").value
  if (time) body.submittedAt = String(new Date(time).getTime())
  return body
}

let timer
function checkSoon() {
  clearTimeout(timer)
  timer = setTimeout(check, 120)
}

async function check() {
  clearTimeout(timer)
  const number = ++latest
  try {
    const { request, problems } = await ask(`forms/${encodeURIComponent(model.id)}/check`, "POST", submission())
    // An answer that was overtaken says nothing any more.
    if (number !== latest) return
    showRequest(request)
    refreshSnippet()
    for (const problem of problems) problem.key = errorKey(model, problem) || problem.field || ""
    showProblems(form, problems, (key) => touched.has(key))
  } catch (error) {
    if (number === latest) at("summary").textContent = error.message
  }
}

async function send() {
  if (isSending) return
  isSending = true
  at("send").setAttribute("aria-disabled", "true")
  try {
    for (const field of model.fields) touched.add(field.key)
    for (const name of [...contextNames, "submittedAt"]) touched.add(`context.${name}`)
    touched.add("legalConsentOptions")
    check()
    note = ""
    showAnswer("…", "", "on its way")
    clearContact()
    const body = JSON.stringify(submission())
    const sending = fetch(new URL(address).pathname, {
      method: "POST", headers: { "Content-Type": "application/json", ...ownHeader }, body,
    }).then(async (answer) => [answer.status, await answer.text()])
    const [status, text] = await sending.catch(() => [null, ""])
    showAnswer(status, text, status === null ? "The connection was closed without a whole answer." : note)
  } finally {
    isSending = false
    at("send").removeAttribute("aria-disabled")
  }
}

start()
