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
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Allow access?</title>
            <body style="font: 1.1em sans-serif; margin: 3em auto; max-width: 36em">
            <h1>Allow access?</h1>
            <p>The app <code>\(OAuthStore.clientID)</code> asks to reach portal \(Portal.id) of this simulator with these scopes:</p>
            <ul>\(list)</ul>
            <form method="get" action="\(Markup.escaped(call.request.path))">\(fields)
            <button name="consent" value="allow">Allow</button> <button name="consent" value="deny">Deny</button>
            </form>

            """
        var response = SimulatorResponse(200, json: Array(html.utf8))
        response.contentType = "text/html;charset=utf-8"
        // No site may lay this page under another one.
        response.headers.append(("Content-Security-Policy", "frame-ancestors 'none'"))
        return response
    }
}
