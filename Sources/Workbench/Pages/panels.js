// The panels beside the form: request, problems, answer, contact, snippets.
import { ask, at, copy, lines, make, pretty, words } from "./dom.js"

export function showRequest(request) {
  at("request-line").firstChild.textContent = `${request.method} ${request.url}`
  at("request").textContent = lines(request.body, "")
}

/** Below the controls go the problems of those that were touched; the panel has them all. */
export function showProblems(form, problems, isTouched) {
  const places = new Map()
  for (const place of document.querySelectorAll("[data-error], #context .problem")) {
    place.textContent = ""
    place.classList.remove("mild")
    places.set(place.dataset.error ?? `context.${place.id.replace("-problem", "")}`, place)
  }
  for (const control of document.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid")
  for (const problem of problems) {
    const key = placeOf(problem, places)
    const place = places.get(key)
    if (!place || !isTouched(key)) continue
    place.textContent = place.textContent ? `${place.textContent} ${problem.message}` : problem.message
    place.classList.toggle("mild", !problem.isRefused)
    if (!problem.isRefused) continue
    for (const control of controlsOf(form, key)) control.setAttribute("aria-invalid", "true")
  }
  listProblems(problems)
}

function listProblems(problems) {
  at("problem-count").textContent = problems.length > 0 ? problems.length : ""
  at("problems").replaceChildren(...(problems.length === 0
    ? [make("li", { class: "good", text: "None: HubSpot would accept this." })]
    : problems.map((problem) => make("li", {},
      make("b", { text: problem.field ? `${problem.field}: ` : "" }), problem.message + " ",
      make("code", { text: problem.errorType }),
      problem.isRefused ? "" : make("span", { class: "warn", text: " accepted, and dropped" })))))
  const refused = problems.filter((problem) => problem.isRefused).length
  at("summary").textContent = refused === 0 ? "" : refused === 1 ? "1 problem" : `${refused} problems`
}

function placeOf(problem, places) {
  if (places.has(problem.key)) return problem.key
  if (problem.key.startsWith("legalConsentOptions")) return "legalConsentOptions"
  return problem.key === "submittedAt" ? "context.submittedAt" : problem.key
}

function controlsOf(form, key) {
  if (key.startsWith("context.")) return [at(key.slice(8))]
  if (key === "legalConsentOptions") return [...form.querySelectorAll("[name^='consent.']")]
  return [...form.querySelectorAll(`[name="${CSS.escape(key)}"]`)]
}

export function showAnswer(status, text, note) {
  const kind = status === null ? "bad" : status < 300 ? "good" : status === 429 ? "warn" : "bad"
  const parts = [make("p", {}, make("span", { class: `status ${kind}`, text: status ?? "no answer" }))]
  let body = null
  try { body = JSON.parse(text) } catch { /* a page, or a line of text */ }
  if (body?.inlineMessage) parts.push(make("p", { text: words(body.inlineMessage) }))
  if (body?.redirectUri) parts.push(make("p", { text: `The visitor is led to ${body.redirectUri}` }))
  if (body?.message) parts.push(make("p", { text: body.message }))
  parts.push(make("p", { class: "soft", id: "answer-note", text: note ?? "" }))
  if (text) parts.push(make("pre", { tabindex: "0", "aria-label": "The body of the answer", text: pretty(text) }))
  at("answer").replaceChildren(...parts)
}

export function noteAnswer(note) {
  const place = at("answer-note")
  if (place && note) place.textContent = note
}

/** What is known of an earlier submission's contact is not this one's. */
export const clearContact = () => {
  at("contact").replaceChildren(make("p", { class: "soft", text: "The contact of the email field, once this submission is accepted." }))
}

const states = {
  waiting: ["soft", "HubSpot works on submissions after it has answered: waiting for the contact."],
  arrived: ["good", ""],
  overdue: ["warn", "After a minute the contact does not show the submission."],
  unreadable: ["warn", ""],
}

export function showContact(event) {
  const [kind, text] = states[event.state] ?? ["soft", ""]
  const said = event.state !== "arrived" ? event.message ?? text
    : event.before ? `Contact ${event.after.id} was changed.` : `Contact ${event.after.id} was created.`
  const parts = [make("p", {}, make("b", { text: event.email })), make("p", { class: kind, text: said })]
  const value = (contact, name) => contact?.properties?.[name] ?? ""
  if (event.before || event.after) {
    const rows = event.properties.filter((name) => value(event.before, name) || value(event.after, name)).map((name) => {
      const [before, after] = [value(event.before, name), value(event.after, name)]
      return make("tr", { class: event.after && before !== after ? "changed" : null },
        make("td", { text: name }), make("td", { text: before }), make("td", { text: event.after ? after : "…" }))
    })
    const head = make("tr", {}, ...["property", "before", "after"].map((text) => make("th", { scope: "col", text })))
    parts.push(make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))))
  }
  at("contact").replaceChildren(...parts)
}

/**
 * A tab for each kind of snippet; arrow keys move between them, as people who use a screen reader expect.
 * `submission()` is what is typed. Answers a function that makes the code anew.
 */
export function drawSnippets(kinds, formId, goesThrough, submission) {
  // A real portal's snippets name HubSpot's own host; while a site is made, they may as well lead through here.
  at("through-label").hidden = goesThrough
  const tabs = kinds.map((kind) => make("button", {
    type: "button", role: "tab", id: `kind-${kind.name}`, "aria-controls": "snippet", "data-kind": kind.name, text: kind.label,
  }))
  let chosen = tabs[0]
  let latest = 0
  const refresh = async () => {
    const number = ++latest
    const query = goesThrough || at("through").checked ? "?through" : ""
    let text
    try { text = await ask(`forms/${formId}/snippets/${chosen.dataset.kind}${query}`, "POST", submission()) } catch (error) {
      text = error.message
    }
    // Text that a person is about to copy stays as it is while it is the same.
    if (number === latest && at("snippet").textContent !== text) at("snippet").textContent = text
  }
  const choose = (tab) => {
    chosen = tab
    for (const other of tabs) {
      other.setAttribute("aria-selected", other === tab ? "true" : "false")
      other.tabIndex = other === tab ? 0 : -1
    }
    at("snippet").setAttribute("aria-labelledby", tab.id)
    refresh()
  }
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab))
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      const next = step ? tabs.at((index + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[event.key]
      if (!next) return
      event.preventDefault()
      next.focus()
      choose(next)
    })
  }
  at("kinds").replaceChildren(...tabs)
  at("copy-snippet").addEventListener("click", () => copy(at("copy-snippet"), at("snippet").textContent))
  at("through").addEventListener("change", refresh)
  choose(chosen)
  return refresh
}
