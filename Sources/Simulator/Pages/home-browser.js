// Opens the portal's records: those of a type, one of them with its properties and links, and the linked ones in turn.

const at = (id) => document.getElementById(id)

/** An element. `text` is its text; every other entry an attribute. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value
    else element.setAttribute(key, value)
  }
  element.append(...children)
  return element
}

/** Rows of texts, numbers and elements. */
export function fill(body, rows) {
  body.replaceChildren(...rows.map((cells) => make("tr", {}, ...cells.map((cell) => {
    if (typeof cell === "number") return make("td", { class: "number", text: cell.toLocaleString("en") })
    return typeof cell === "string" ? make("td", { text: cell }) : make("td", {}, cell)
  }))))
}

const past = []

/** Shows the newest records of a type. */
export async function browse(type, name, isBack = false) {
  const { results, more } = await load(`records?type=${encodeURIComponent(type)}`)
  const rows = results.map((record) => [opener(type, record.id, record.id), record.title, record.updated])
  show(name, table(rows), more ? "The 100 newest." : "", isBack ? null : () => browse(type, name, true))
}

async function open(type, id, isBack = false) {
  const record = await load(`records?type=${encodeURIComponent(type)}&id=${encodeURIComponent(id)}`)
  const properties = table(Object.entries(record.properties).map(([name, value]) => [make("code", { text: name }), value]))
  const links = table(record.links.map((link) => [
    opener(link.objectTypeId, link.id, `${link.type} ${link.id}`), link.title, link.label ?? "",
  ]))
  const parts = make("div", {}, properties)
  if (record.links.length > 0) parts.append(make("h2", { text: "Links" }), links)
  show(`${record.type} ${record.id}  ${record.title}`, parts, "", isBack ? null : () => open(type, id, true))
}

function opener(type, id, text) {
  const button = make("button", { type: "button", class: "link", text })
  button.addEventListener("click", () => open(type, id))
  return button
}

const load = async (path) => (await fetch(`/_simulator/${path}`)).json()

function table(rows) {
  const body = make("tbody")
  fill(body, rows)
  return make("div", { class: "scroll" }, make("table", {}, body))
}

function show(title, content, note, again) {
  if (again) past.push(again)
  at("browser").hidden = false
  at("browser-title").textContent = title
  at("browsed").replaceChildren(content, ...(note ? [make("p", { class: "soft", text: note })] : []))
  at("back").hidden = past.length < 2
  at("browser-title").focus()
}

at("back").addEventListener("click", () => {
  past.pop()
  past.at(-1)()
})
