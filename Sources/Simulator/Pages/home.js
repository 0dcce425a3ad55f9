// The simulator's home page: how to reach the portal, what is in it, and what comes in. Whatever the portal holds is a text
// here, and never markup.
import { browse, fill, make } from "./home-browser.js"

const at = (id) => document.getElementById(id)
const put = (id, text) => { at(id).textContent = text }
const count = (number) => number.toLocaleString("en")
const limit = (text) => text === null ? "no limit" : `at most ${text}`

let portal
/** How far the portal's time is before the browser's, in milliseconds. */
let ahead

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
  const kind = !entry.status || entry.status >= 400 ? entry.status === 429 ? "warn" : "bad" : "good"
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

function showStats(stats) {
  put("requests", count(stats.requests))
  put("throttled", count(stats.throttled))
  put("burst", stats.peak_window.burst)
  put("search", stats.peak_window.search)
}

function clear() {
  at("log").replaceChildren()
  at("submissions").replaceChildren()
}

function sayWhatIsMissing() {
  at("empty").hidden = at("log").children.length > 0
  at("no-submissions").hidden = at("submissions").children.length > 0
}

/** Rows that a person is on their way to click stay as they are while nothing has changed. */
let shown = ""
const hear = {
  reset: clear,
  requests({ stats, results }) {
    showStats(stats)
    for (const entry of results) showRequest(entry)
  },
  portal(told) {
    portal = told
    const { now, ...rest } = told
    ahead = Date.parse(now) - Date.now()
    if (JSON.stringify(rest) !== shown) showPortal()
    shown = JSON.stringify(rest)
    tick()
  },
  submissions({ results }) { for (const entry of results) showSubmission(entry) },
}

function tick() {
  if (ahead !== undefined) put("now", `${new Date(Date.now() + ahead).toISOString().slice(0, 19).replace("T", " ")} UTC`)
}
setInterval(tick, 1000)

/** While the page is hidden it does not listen: a browser opens few connections to one server, and each page that listens holds one. */
function listen() {
  let source
  const follow = () => {
    source?.close()
    if (!document.hidden) source = open()
  }
  document.addEventListener("visibilitychange", follow)
  follow()
}

function open() {
  const source = new EventSource("/_simulator/events")
  // A stream tells everything from its beginning.
  source.addEventListener("open", clear)
  source.addEventListener("error", () => {
    ahead = undefined
    put("now", "stopped")
  })
  for (const name of Object.keys(hear)) {
    source.addEventListener(name, (event) => {
      hear[name](JSON.parse(event.data))
      sayWhatIsMissing()
    })
  }
  return source
}

fetch("/_simulator/token").then((answer) => answer.json()).then(({ token }) => put("token", token ?? "••••"), () => {}).finally(listen)
