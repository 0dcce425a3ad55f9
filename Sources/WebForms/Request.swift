package import JSON
import Wire

extension WebForm {
    /// Where submissions go.
    package struct Destination: Sendable, Equatable {
        /// The forms host of the portal's region, without a `/` at its end: `https://api.hsforms.com`.
        package var host: String
        package var portalID: Int64

        package init(host: String, portalID: Int64) {
            var host = host
            while host.hasSuffix("/") { host.removeLast() }
            self.host = host
            self.portalID = portalID
        }

        /// The address at which a form is submitted.
        package func url(form id: String, isSecure: Bool) -> String {
            "\(host)\(Self.path(portalID: portalID, form: id, isSecure: isSecure))"
        }

        /// The same without the host. No dated replacement exists.
        package static func path(portalID: Int64, form id: String, isSecure: Bool) -> String {
            let area = isSecure ? "secure/submit" : "submit"
            return "/submissions/v3/integration/\(area)/\(portalID)/\(PercentEncoding.encode(id))"
        }
    }

    /// A submission as it is sent.
    package struct Request: Sendable {
        package var method: String
        package var url: String
        /// Names in lower case; the token is never shown.
        package var headers: [(String, String)]
        package var body: JSONValue
    }

    package func request(_ submission: Submission, to destination: Destination) -> Request {
        Request(
            method: "POST", url: destination.url(form: id, isSecure: submission.isSecure),
            headers: Self.headers(isSecure: submission.isSecure), body: submission.body)
    }

    package static func headers(isSecure: Bool) -> [(String, String)] {
        [("content-type", "application/json")] + (isSecure ? [("authorization", "Bearer ••••")] : [])
    }
}
