// The simulator's home page: how to reach the portal, what is in it, and what comes in. Whatever the portal holds is a text
// here, and never markup.
import { browse, fill, make } from "./home-browser.js"

const at = (id) => document.getElementById(id)
const put = (id, text) => { at(id).textContent = text }
const count = (number) => number.toLocaleString("en")
const limit = (text) => text === null ? "no limit" : `at most ${text}`
const json = async (path) => (await fetch(`/_simulator/${path}`)).json()

let portal
let last = 0
let turn = 0
let submitted = 0

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const said = await navigator.clipboard.writeText(at(button.dataset.copy).textContent).then(() => "Copied", () => "Select it")
    button.textContent = said
    setTimeout(() => { button.textContent = "Copy" }, 1500)
  })
}

function fits(row) {
  const wanted = at("filter").value.trim()
  row.hidden = wanted !== "" && !row.children[2].textContent.includes(wanted) && row.children[3].textContent !== wanted
}
at("filter").addEventListener("input", () => { for (const row of at("log").children) fits(row) })

function showRequest(entry) {
  const kind = !entry.status || entry.status >= 400 ? entry.status === 429 ? "slow" : "bad" : "good"
  const path = make("td", { class: "path", text: entry.path })
  if (entry.query) path.append(make("i", { text: `?${entry.query}` }))
  const row = make("tr", {},
    make("td", { text: entry.at.slice(11, -1) }), make("td", { text: entry.method }), path,
    make("td", { class: kind, text: entry.status || "closed" }),
    make("td", { class: "number", text: entry.milliseconds.toFixed(1) }))
  fits(row)
  at("log").prepend(row)
  while (at("log").children.length > 200) at("log").lastChild.remove()
}

function showSubmission(entry) {
  const form = portal.forms.find((one) => one.id === entry.formGuid)
  const ignored = entry.ignored === null ? [["", "not worked on yet"]]
    : entry.ignored.map((field) => [field.name, `dropped: ${field.reason}`])
  const rows = [
    ...entry.fields.map((field) => [field.objectTypeId === "0-1" ? field.name : `${field.objectTypeId}/${field.name}`, field.value]),
    ...Object.entries(entry.context).map(([name, value]) => [`context.${name}`, String(value)]), ...ignored,
  ]
  const body = make("tbody")
  fill(body, rows)
  const email = entry.fields.find((field) => field.name === "email")?.value ?? ""
  const time = new Date(entry.submittedAt).toISOString().slice(0, 19).replace("T", " ")
  at("submissions").prepend(make("li", {}, make("details", {},
    make("summary", { text: `${time}  ${form?.name ?? entry.formGuid}  ${email}` }), make("table", {}, body))))
  while (at("submissions").children.length > 50) at("submissions").lastChild.remove()
}

function showPortal() {
  put("url", portal.url)
  put("shell", `HUBSPOT_BASE_URL=${portal.url} HUBSPOT_ACCESS_TOKEN=${at("token").textContent} moonspot`)
  put("now", `${portal.now.slice(0, 19).replace("T", " ")} UTC`)
  put("burst-limit", limit(portal.quota.burst))
  put("search-limit", limit(portal.quota.search))
  put("today", count(portal.quota.usedToday))
  put("daily", portal.quota.daily === null ? "no limit" : `at most ${count(portal.quota.daily)}`)
  put("client-id", portal.oauth.clientId)
  put("client-secret", portal.oauth.clientSecret)
  fill(at("types"), portal.records.map((type) => {
    const open = make("button", { type: "button", class: "link", text: type.name })
    open.addEventListener("click", () => browse(type.objectTypeId, type.name))
    return [open, make("code", { text: type.objectTypeId }), type.count]
  }))
  fill(at("forms"), portal.forms.map((form) => [
    make("a", { href: `/forms/${encodeURIComponent(form.id)}`, text: form.name }), make("code", { text: form.id }), form.submissions,
  ]))
}

/** Rows that a person is on their way to click stay as they are while nothing has changed. */
let shown = ""
async function poll() {
  try {
    const stats = await json("stats")
    // Counting a large portal takes a moment.
    if (turn++ % 8 === 0) {
      portal = await json("portal")
      const { now, ...rest } = portal
      if (JSON.stringify(rest) !== shown) showPortal()
      shown = JSON.stringify(rest)
      put("now", `${now.slice(0, 19).replace("T", " ")} UTC`)
      const { results } = await json("submissions")
      if (results.length < submitted) {
        submitted = 0
        at("submissions").replaceChildren()
      }
      for (const entry of results.slice(submitted).slice(-50)) showSubmission(entry)
      submitted = results.length
      at("no-submissions").hidden = submitted > 0
    }
    put("requests", count(stats.requests))
    put("throttled", count(stats.throttled))
    put("burst", stats.peak_window.burst)
    put("search", stats.peak_window.search)
    if (stats.requests < last) {
      last = 0
      at("log").replaceChildren()
    }
    const { results } = await json(`requests?after=${last}`)
    for (const entry of results) {
      last = entry.number
      showRequest(entry)
    }
    at("empty").hidden = at("log").children.length > 0
  } catch { put("now", "stopped") }
  setTimeout(poll, 500)
}

json("token").then(({ token }) => put("token", token), () => {}).finally(poll)
