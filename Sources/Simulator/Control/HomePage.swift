import JSON
import Workbench

/// The page at the simulator's address, and the files that belong to it: the portal, its quota, records, links and
/// submissions, and requests as they come in.
enum HomePage {
    static var answer: SimulatorResponse { file(PackageResources.home_html, "text/html") }

    /// A file of the page's; nil where there is none of this name.
    static func file(_ name: String) -> SimulatorResponse? {
        switch name {
        case "base.css": file(WorkbenchAddress.baseStyle, "text/css")
        case "home.css": file(PackageResources.home_css, "text/css")
        case "home.js": file(PackageResources.home_js, "text/javascript")
        case "home-browser.js": file(PackageResources.home_browser_js, "text/javascript")
        default: nil
        }
    }

    /// The token is told to the page itself alone: not to another site that a browser shows, by whatever name it has come.
    static func token(_ request: SimulatorRequest, _ portal: Portal) throws(APIError) -> SimulatorResponse {
        guard portal.workbenchAddress.isOwnPage(host: request.host, request.headers) else {
            throw APIError(403, "The token is told to the simulator's own page alone")
        }
        return SimulatorResponse(200, ["token": .string(portal.token)])
    }

    private static func file(_ bytes: [UInt8], _ type: String) -> SimulatorResponse {
        var response = SimulatorResponse(200, json: bytes)
        response.contentType = "\(type);charset=utf-8"
        response.headers = WorkbenchAddress.pageHeaders.map { ($0.name, $0.value) }
        return response
    }
}
