// The log of submissions, told live by the server; each opens to headers, bodies and a curl line.
import { at, copy, make, pretty, root } from "./dom.js"

const outcomes = { delivered: "", rehearsed: "rehearsed", troubled: "trouble", put_off: "put off", failed: "failed" }
const longest = 100

/**
 * Calls `hear[name](data)` for each event; says when the server has ended. A page that is hidden does not listen: a browser
 * opens few connections to one server, and each page that listens holds one.
 */
export function listen(hear) {
  let source, last = 0
  const open = (isBack) => {
    source = new EventSource(new URL(`-/events?after=${last}${isBack ? "&back" : ""}`, root))
    for (const name of Object.keys(hear)) {
      source.addEventListener(name, (event) => {
        last = Number(event.lastEventId) || last
        hear[name](JSON.parse(event.data))
      })
    }
    source.addEventListener("open", () => { at("connection").hidden = true })
    source.addEventListener("error", () => { at("connection").hidden = false })
  }
  if (!document.hidden) open(false)
  document.addEventListener("visibilitychange", () => {
    const isBack = source !== undefined
    source?.close()
    if (!document.hidden) open(isBack)
  })
}

/** The header by which this page knows what it has sent itself. */
export const ownHeader = { "X-Workbench-Page": crypto.randomUUID() }
export const isOwn = (entry) => entry.page === ownHeader["X-Workbench-Page"]

export function showSubmission(entry) {
  const kind = entry.status === null ? "bad" : entry.status < 300 ? "good" : entry.status === 429 ? "warn" : "bad"
  const time = new Date(entry.at).toLocaleTimeString([], { hour12: false })
  const summary = make("summary", {},
    make("span", { text: time }), make("span", { class: "path", text: `${entry.method} ${new URL(entry.address).pathname}` }),
    make("span", { class: kind, text: entry.status ?? "closed" }),
    make("span", { class: "tag", text: isOwn(entry) ? "this page" : entry.sender === "page" ? "another page" : "website" }))
  if (outcomes[entry.outcome]) summary.append(make("span", { class: "tag", text: outcomes[entry.outcome] }))
  summary.append(make("span", { class: "help", text: `${entry.milliseconds} ms` }))
  const details = make("details", {}, summary)
  // Drawn when it is opened: most never are.
  details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(drawn(entry)) })
  at("log").prepend(make("li", { "data-number": entry.number }, details))
  while (at("log").children.length > longest) at("log").lastChild.remove()
  at("log-empty").hidden = true
}

function drawn(entry) {
  const button = make("button", { type: "button", text: "Copy as curl" })
  button.addEventListener("click", () => copy(button, entry.curl))
  const parts = []
  if (entry.note) parts.push(make("p", { class: "soft", text: entry.note }))
  parts.push(make("h3", { text: "Request" }), headers([["", `${entry.method} ${entry.address}`], ...entry.headers]),
    make("pre", { tabindex: "0", "aria-label": "The body of the request", text: pretty(entry.body) }),
    make("h3", { text: entry.status === null ? "No answer" : `Answer ${entry.status}` }), headers(entry.answerHeaders),
    make("pre", { tabindex: "0", "aria-label": "The body of the answer", text: pretty(entry.answer) }),
    make("p", {}, button))
  return make("div", { class: "exchange" }, ...parts)
}

function headers(list) {
  const rows = list.map(([name, value]) => make("tr", {}, make("td", { text: name }), make("td", { text: value })))
  return make("div", { class: "scroll" }, make("table", {}, make("tbody", {}, ...rows)))
}
