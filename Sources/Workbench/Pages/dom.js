// Elements without markup: whatever comes from the portal is a text, and stays one.

export const at = (id) => document.getElementById(id)

/** An element. `text` is its text; every other entry an attribute, left out where null or false. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value)
  }
  element.append(...children)
  return element
}

/** What is asked of the server; a file goes as its bytes, any other body as JSON. A refusal throws its message. */
export async function ask(path, method = "GET", body) {
  const isFile = body instanceof Blob
  const headers = body === undefined ? {} : { "Content-Type": isFile ? "application/octet-stream" : "application/json" }
  const content = isFile ? body : body && JSON.stringify(body)
  const answer = await fetch(new URL("-/" + path, root), { method, headers, body: content })
  const isJSON = (answer.headers.get("Content-Type") ?? "").startsWith("application/json")
  const told = isJSON ? await answer.json() : await answer.text()
  if (!answer.ok) throw new Error(told.message ?? `the server answered ${answer.status}`)
  return told
}

/** The workbench's own address: the page is there, or one step below. */
export const root = new URL(".", location.href)

/** JSON as people read it; what is none stays as it is. */
export function pretty(text) {
  try { return lines(JSON.parse(text), "") } catch { return text }
}

/** A value over several lines, but for lists and objects that fit on one. */
export function lines(value, indent) {
  const isList = Array.isArray(value)
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  const entries = Object.entries(value)
  const isFlat = entries.every(([, inner]) => inner === null || typeof inner !== "object")
  const line = entries.map(([key, inner]) => (isList ? "" : `${JSON.stringify(key)}: `) + JSON.stringify(inner)).join(", ")
  const [open, close] = isList ? "[]" : "{}"
  if (entries.length === 0) return open + close
  if (isFlat && line.length < 96) return isList ? `[${line}]` : `{ ${line} }`
  const inner = `${indent}  `
  const all = entries.map(([key, one]) => inner + (isList ? "" : `${JSON.stringify(key)}: `) + lines(one, inner))
  return `${open}\n${all.join(",\n")}\n${indent}${close}`
}

/** Markup of the portal's, as the words that people would read. */
export const words = (html) => html.replace(/<[^>]*>/g, " ").replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, character).replace(/\s+/g, " ").trim()

const names = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: " " }

function character(text, name) {
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : name.startsWith("#") ? Number(name.slice(1)) : NaN
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : names[name.toLowerCase()] ?? text
}

/** Copies a text, and says so on the button for a moment. */
export async function copy(button, text) {
  const label = button.dataset.label ?? (button.dataset.label = button.textContent)
  let said = "Copied"
  try { await navigator.clipboard.writeText(text) } catch { said = "Not allowed: select and copy" }
  button.textContent = said
  setTimeout(() => { button.textContent = label }, 1500)
}
