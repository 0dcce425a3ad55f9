import Workbench

extension Portal {
    /// Where the forms workbench is: the page of a form at `/forms/GUID`, and the submission endpoints where HubSpot has
    /// them.
    var workbenchAddress: WorkbenchAddress {
        let port = publicURL.split(separator: ":").last.flatMap { Int($0) } ?? options.port
        return WorkbenchAddress(host: options.host, port: port, base: "/forms", submissionsBelowBase: false)
    }
}
