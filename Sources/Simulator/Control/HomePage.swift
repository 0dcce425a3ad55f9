/// What a browser shows at the simulator's address: the portal, its quota, and requests as they come in.
enum HomePage {
    static var answer: SimulatorResponse {
        var response = SimulatorResponse(200, json: Array(html.utf8))
        response.contentType = "text/html;charset=utf-8"
        return response
    }

    private static let html = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>moonspot simulator</title><link rel="icon" href="data:,">
        <style>
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent);
                --soft: color-mix(in srgb, currentColor 60%, transparent); --good: #1a7f37; --slow: #b26a00; --bad: #c4314b; }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1.25rem; }
        header { display: flex; align-items: baseline; gap: 1rem; flex-wrap: wrap; }
        h1 { font-size: 1.35rem; margin: 0; } header span { color: var(--soft); }
        h2 { font-size: .95rem; margin: 1.75rem 0 .5rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem; margin-top: 1.25rem; }
        .tile { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
        .tile b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tile small { color: var(--soft); }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2rem; }
        table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
        td, th { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { color: var(--soft); font-weight: 500; } td.number, th.number { text-align: right; }
        code, #log td { font-family: ui-monospace, monospace; font-size: 12.5px; } td.path { word-break: break-all; width: 99%; }
        td.path i { color: var(--soft); font-style: normal; }
        .good { color: var(--good); } .slow { color: var(--slow); } .bad { color: var(--bad); }
        input { font: inherit; padding: .15rem .5rem; border: 1px solid var(--line); border-radius: .35rem; background: none; color: inherit; }
        #requests-head { display: flex; justify-content: space-between; align-items: end; }
        #empty { color: var(--soft); padding: .75rem 0; }
        </style></head><body>
        <header><h1>HubSpot simulator</h1><span>portal 20000001 at <code id="url"></code></span>
        <span id="now"></span></header>
        <div class="tiles">
        <div class="tile"><b id="requests">0</b><small>requests</small></div>
        <div class="tile"><b id="throttled">0</b><small>refused with 429</small></div>
        <div class="tile"><b id="burst">0</b><small>peak of bursts, <span id="burst-limit"></span></small></div>
        <div class="tile"><b id="search">0</b><small>peak of searches, <span id="search-limit"></span></small></div>
        <div class="tile"><b id="today">0</b><small>of the day, <span id="daily"></span></small></div>
        </div>
        <div class="columns">
        <section><h2>Records</h2><table><tbody id="records"></tbody></table></section>
        <section><h2>Forms</h2><table><tbody id="forms"></tbody></table></section>
        <section><h2>OAuth app</h2><table><tbody id="oauth"></tbody></table></section>
        </div>
        <div id="requests-head"><h2>Requests</h2><input id="filter" placeholder="path or status" aria-label="filter"></div>
        <table><thead><tr><th>time</th><th>method</th><th>path</th><th>status</th><th class="number">ms</th></tr></thead>
        <tbody id="log"></tbody></table><div id="empty">None yet.</div>
        <script>
        let last = 0
        const at = (id) => document.getElementById(id)
        const put = (id, text) => at(id).textContent = text
        const limit = (text) => text === null ? "no limit" : "at most " + text
        function fill(id, rows) {
          at(id).replaceChildren(...rows.map((cells) => {
            const row = document.createElement("tr")
            for (const [index, text] of cells.entries()) {
              const cell = document.createElement("td")
              if (typeof text === "number") cell.className = "number"
              const inner = index > 0 && typeof text === "string" ? document.createElement("code") : cell
              inner.textContent = typeof text === "number" ? text.toLocaleString("en") : text
              if (inner !== cell) cell.append(inner)
              row.append(cell)
            }
            return row
          }))
        }
        function fits(row) {
          const wanted = at("filter").value.trim()
          row.hidden = wanted !== "" && !row.children[2].textContent.includes(wanted) && row.children[3].textContent !== wanted
        }
        at("filter").addEventListener("input", () => { for (const row of at("log").children) fits(row) })
        function show(entry) {
          const row = document.createElement("tr")
          const status = entry.status || "closed"
          for (const text of [entry.at.slice(11, -1), entry.method, entry.path, status, entry.milliseconds.toFixed(1)]) {
            const cell = document.createElement("td"); cell.textContent = text; row.append(cell)
          }
          row.children[2].className = "path"
          if (entry.query) {
            const query = document.createElement("i"); query.textContent = "?" + entry.query; row.children[2].append(query)
          }
          row.children[3].className = !entry.status || entry.status >= 400 ? (entry.status === 429 ? "slow" : "bad") : "good"
          row.children[4].className = "number"
          fits(row)
          at("log").prepend(row)
          while (at("log").children.length > 200) at("log").lastChild.remove()
        }
        async function json(path) { return (await fetch(path)).json() }
        let portal, turn = 0
        async function poll() {
          try {
            const stats = await json("/_simulator/stats")
            // Counting a large portal takes a moment.
            if (turn++ % 8 === 0) portal = await json("/_simulator/portal")
            put("requests", stats.requests.toLocaleString("en")); put("throttled", stats.throttled.toLocaleString("en"))
            put("burst", stats.peak_window.burst); put("search", stats.peak_window.search)
            put("burst-limit", limit(portal.quota.burst)); put("search-limit", limit(portal.quota.search))
            put("today", portal.quota.usedToday.toLocaleString("en"))
            put("daily", portal.quota.daily === null ? "no limit" : "at most " + portal.quota.daily.toLocaleString("en"))
            put("url", portal.url); put("now", portal.now.slice(0, 19).replace("T", " ") + " UTC")
            fill("records", portal.records.map((type) => [type.name, type.objectTypeId, type.count]))
            fill("forms", portal.forms.map((form) => [form.name, form.id, form.submissions]))
            fill("oauth", [["client id", portal.oauth.clientId], ["client secret", portal.oauth.clientSecret]])
            if (stats.requests < last) { last = 0; at("log").replaceChildren() }
            const { results } = await json("/_simulator/requests?after=" + last)
            for (const entry of results) { last = entry.number; show(entry) }
            at("empty").hidden = at("log").children.length > 0
          } catch { put("now", "stopped") }
          setTimeout(poll, 500)
        }
        poll()
        </script></body></html>
        """
}
