/// The page at the simulator's address: the portal, its quota, and requests as they come in.
enum HomePage {
    static var answer: SimulatorResponse {
        var response = SimulatorResponse(200, json: PackageResources.home_html)
        response.contentType = "text/html;charset=utf-8"
        return response
    }
}
