/// What a browser shows at the simulator's address: the portal, its counters, and requests as they come in.
enum HomePage {
    static var answer: SimulatorResponse {
        var response = SimulatorResponse(200, json: Array(html.utf8))
        response.contentType = "text/html;charset=utf-8"
        return response
    }

    private static let html = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>moonspot simulator</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; }
        h1 { font-size: 1.4rem; } dl { display: flex; gap: 2rem; flex-wrap: wrap; } dt { color: #666; font-size: .8rem; }
        dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
        table { border-collapse: collapse; width: 100%; font: 13px/1.6 ui-monospace, monospace; }
        td, th { text-align: left; padding: .1rem .6rem .1rem 0; border-bottom: 1px solid #eee; }
        .bad { color: #b00020; } .slow { color: #a15c00; } td.path { word-break: break-all; }
        </style></head><body>
        <h1>HubSpot simulator: portal 20000001</h1>
        <dl><div><dt>requests</dt><dd id="requests">0</dd></div><div><dt>throttled</dt><dd id="throttled">0</dd></div>
        <div><dt>peak in a burst window</dt><dd id="burst">0</dd></div>
        <div><dt>peak of searches</dt><dd id="search">0</dd></div></dl>
        <table><thead><tr><th>time</th><th>method</th><th>path</th><th>status</th><th>ms</th></tr></thead>
        <tbody id="log"></tbody></table>
        <script>
        let last = 0
        const put = (id, text) => document.getElementById(id).textContent = text
        async function poll() {
          try {
            const stats = await (await fetch("/_simulator/stats")).json()
            put("requests", stats.requests); put("throttled", stats.throttled)
            put("burst", stats.peak_window.burst); put("search", stats.peak_window.search)
            if (stats.requests < last) { last = 0; document.getElementById("log").textContent = "" }
            const { results } = await (await fetch("/_simulator/requests?after=" + last)).json()
            for (const entry of results) {
              last = entry.number
              const row = document.createElement("tr")
              const status = entry.status || "closed"
              for (const text of [entry.at.slice(11), entry.method, entry.path, status, entry.milliseconds.toFixed(1)]) {
                const cell = document.createElement("td"); cell.textContent = text; row.append(cell)
              }
              row.children[2].className = "path"
              if (!entry.status || entry.status >= 400) row.children[3].className = entry.status === 429 ? "slow" : "bad"
              const log = document.getElementById("log")
              log.prepend(row)
              while (log.children.length > 200) log.lastChild.remove()
            }
          } catch { put("requests", "stopped") }
          setTimeout(poll, 500)
        }
        poll()
        </script></body></html>
        """
}
