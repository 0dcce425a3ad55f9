import Testing

@testable import Workbench

@Suite("The guard of the workbench") struct RequestGuardTests {
    private let own = RequestGuard(hosts: ["127.0.0.1:8080", "localhost:8080"])

    private func asked(
        host: String? = "127.0.0.1:8080", origin: String? = nil, type: String? = nil, site: String? = nil,
        mode: String? = nil
    ) -> RequestGuard.Asked {
        .init(host: host, origin: origin, contentType: type, site: site, mode: mode)
    }

    @Test(arguments: ["127.0.0.1:8080", "localhost:8080", "LocalHost:8080"])
    func `answers to its own names`(host: String) {
        #expect(own.refusal(of: asked(host: host), for: .page) == nil)
    }

    @Test(arguments: [nil, "", "evil.example", "evil.example:8080", "127.0.0.1", "127.0.0.1:8081"])
    func `refuses any other Host, whatever is asked`(host: String?) {
        for purpose in [RequestGuard.Purpose.page, .part, .change] {
            let refusal = own.refusal(of: asked(host: host, type: "application/json"), for: purpose)
            #expect(refusal?.status == 403)
        }
    }

    @Test(arguments: ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:8081", ""])
    func `refuses another Origin`(origin: String) {
        #expect(own.refusal(of: asked(origin: origin), for: .part)?.status == 403)
        #expect(own.refusal(of: asked(origin: origin, type: "application/json"), for: .change)?.status == 403)
    }

    @Test func `lets a link lead to the page, and nothing else in from another site`() {
        #expect(own.refusal(of: asked(site: "cross-site", mode: "navigate"), for: .page) == nil)
        #expect(own.refusal(of: asked(site: "cross-site", mode: "no-cors"), for: .page)?.status == 403)
        #expect(own.refusal(of: asked(site: "cross-site", mode: "navigate"), for: .part)?.status == 403)
        #expect(own.refusal(of: asked(site: "same-site"), for: .part)?.status == 403)
        #expect(own.refusal(of: asked(site: "same-origin"), for: .part) == nil)
    }

    @Test(
        arguments: [
            (nil, 415), ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("application/jsonx", 415),
            ("application/json", nil), ("application/json; charset=utf-8", nil),
        ] as [(String?, Int?)])
    func `takes changes as JSON alone, and files as bytes`(type: String?, status: Int?) {
        #expect(own.refusal(of: asked(origin: "http://localhost:8080", type: type), for: .change)?.status == status)
        #expect(own.refusal(of: asked(origin: "http://localhost:8080", type: type), for: .upload)?.status == 415)
        #expect(own.refusal(of: asked(type: "application/octet-stream"), for: .upload) == nil)
    }
}
