import JSON
import Testing

@testable import Simulator

@Suite("The simulator's own paths") struct OwnHostTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("localhost:9000", "127.0.0.1"),
        ("LocalHost", "127.0.0.1"),
        ("[::1]:8080", "::1"), ("192.168.1.5:8080", "0.0.0.0"), ("mybox.lan:8080", "mybox.lan"),
        ("simulator:8080", "0.0.0.0"),
        ("sim.localhost:8080", "127.0.0.1"),
    ]) func `answer to an address, to localhost, and to what it is served as`(host: String, given: String) {
        #expect(OwnHost.isOwn(host, servedAs: given))
    }

    @Test(arguments: [
        ("evil.example", "127.0.0.1"), ("127.0.0.1.evil.example:8080", "127.0.0.1"), ("evil.example:8080", "0.0.0.0"),
        ("simulator:8080", "127.0.0.1"), ("", "127.0.0.1"), ("localhost.evil.example", "127.0.0.1"),
        ("1.2.3:80", "0.0.0.0"),
    ]) func `answer to no name that a page could have lead here`(host: String, given: String) {
        #expect(!OwnHost.isOwn(host, servedAs: given))
    }

    @Test func `tell a foreign name nothing, and change nothing for it`() async throws {
        try await Bench.running(contacts: 1) { bench in
            let calls = [
                ("GET", "/"), ("GET", "/_simulator/records?type=contacts"), ("GET", "/_simulator/submissions"),
                ("GET", "/_simulator/requests"), ("GET", "/_simulator/portal"), ("GET", "/_simulator/token"),
                ("GET", HomeEvents.path), ("POST", "/_simulator/reset"),
            ]
            for (method, path) in calls {
                let answer = try await bench.send(method, path, token: nil, headers: [("Host", "evil.example")])
                #expect(answer.status == 403, "\(path)")
            }
            for path in ["/", "/_simulator/stats", "/_simulator/records?type=contacts"] {
                #expect(try await bench.get(path).status == 200, "\(path)")
            }
        }
    }
}
