/// A submission as a line for a shell.
enum CurlLine {
    private static let longestBody = 100_000

    /// - Parameter headers: Masked. The token comes from the environment, where one was sent.
    static func text(_ address: String, _ headers: [HeaderLine], _ body: [UInt8]) -> String {
        var parts = ["curl -X POST \(quoted(address))"]
        for header in headers {
            switch header.name.lowercased() {
            case "content-type", "origin", "referer": parts.append("-H \(quoted("\(header.name): \(header.value)"))")
            case "authorization": parts.append("-H \"\(header.name): Bearer $HUBSPOT_ACCESS_TOKEN\"")
            // The rest is the browser's own, or the connection's.
            default: continue
            }
        }
        parts.append(
            body.count <= longestBody
                ? "--data-raw \(quoted(String(decoding: body, as: UTF8.self)))"
                : "--data-binary @body.json  # \(body.count) bytes, too many to be written here")
        return parts.joined(separator: " \\\n  ")
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
