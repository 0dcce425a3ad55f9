import Wire

/// The page on which a person allows the app what it asks for, or does not.
enum OAuthConsentPage {
    static func response(_ call: Call, scopes: [String]) -> SimulatorResponse {
        // The same address again, with the answer.
        let fields = call.query.items.map {
            "<input type=\"hidden\" name=\"\(Markup.escaped($0.name))\" value=\"\(Markup.escaped($0.value))\">"
        }.joined()
        let list = scopes.map { "<li><code>\(Markup.escaped($0))</code>" }.joined()
        let html = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Allow access?</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="/_simulator/base.css"><link rel="stylesheet" href="/_simulator/home.css"></head>
            <body><main class="card">
            <h1>Allow access?</h1>
            <p>The app <code>\(OAuthStore.clientID)</code> asks to reach portal \(Portal.id) of this simulator with these scopes:</p>
            <ul>\(list)</ul>
            <form method="get" action="\(Markup.escaped(call.request.path))">\(fields)
            <button name="consent" value="allow">Allow</button> <button name="consent" value="deny">Deny</button>
            </form></main></body></html>

            """
        var response = SimulatorResponse(200, json: Array(html.utf8))
        response.contentType = "text/html;charset=utf-8"
        // The form leads on to the app's own address, which no policy of this page could name.
        response.headers.append(
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
            ))
        return response
    }
}
