import Foundation
import Testing

@Suite("moonspot doctor") struct DoctorTests {
    /// The findings by their subjects; the last of several.
    private func findings(
        _ home: Home, _ environment: [String: String], _ options: [String] = []
    ) async throws -> (status: Int32, [String: (state: String, text: String, remedy: String)]) {
        let result = try await home.start(
            options + ["doctor", "--output", "json"], environment: environment
        ).finish()
        let list = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        let pairs = list.map { entry in
            (
                entry["subject"] as? String ?? "",
                (
                    entry["state"] as? String ?? "", entry["text"] as? String ?? "", entry["remedy"] as? String ?? ""
                )
            )
        }
        return (result.status, Dictionary(pairs) { $1 })
    }

    @Test func `finds nothing broken in an empty home, whatever the network`() async throws {
        try await Home.with { home in
            let (status, found) = try await findings(
                home, ["HUBSPOT_BASE_URL": "http://127.0.0.1:9"])
            #expect(status == 0, "\(found)")
            #expect(found["credential"]?.state == "note" && found["TCP"]?.state == "note")
            #expect(found["configuration"]?.state == "note" && found["state folder"]?.state == "ok")
        }
    }

    @Test func `names each thing that is broken, and how to mend it`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let environment = server.environment
                let (status, found) = try await findings(home, environment)
                #expect(status == 0, "\(found)")
                #expect(found["portal"]?.text.hasPrefix("20000001 answers at") == true)
                #expect(found["store"]?.text.contains("limiter.sqlite") == true)
                #expect(found["clock"]?.state == "ok")

                var wrong = environment
                wrong["HUBSPOT_ACCESS_TOKEN"] = "pat-na1-11111111-2222-3333-4444-555555555555"
                let (refused, portal) = try await findings(home, wrong)
                #expect(refused == 3 && portal["portal"]?.state == "broken")
                #expect(portal["portal"]?.remedy.contains("auth login") == true)

                wrong["HUBSPOT_BASE_URL"] = "http://127.0.0.1:9"
                let (unreachable, network) = try await findings(home, wrong)
                #expect(unreachable == 5 && network["TCP"]?.state == "broken")
                #expect(network["TCP"]?.remedy.contains("HTTPS_PROXY") == true)

                let (store, redis) = try await findings(
                    home, environment, ["--store", "redis://127.0.0.1:9/0"])
                #expect(store == 1 && redis["store"]?.state == "broken", "\(redis)")
                #expect(redis["store"]?.remedy.contains("MOONSPOT_REDIS_PASSWORD") == true)
            }
        }
    }

    @Test func `tells what others could read or change`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let login = try await home.start(["auth", "login", "--base-url", server.url]).finish(
                    input: server.token + "\n")
                #expect(login.status == 0, "\(login.errors)")
                let (fine, before) = try await findings(home, [:])
                #expect(fine == 0 && before["permissions"]?.state == "ok", "\(before)")
                _ = try await home.shell("chmod 644 \"$HOME/.config/moonspot/default.token\"")
                let (_, secret) = try await findings(home, [:])
                #expect(secret["permissions"]?.state == "broken")
                #expect(secret["permissions"]?.remedy.contains("chmod 600") == true)
                _ = try await home.shell(
                    "cd \"$HOME/.config/moonspot\" && chmod 600 default.token && chmod g+w config.toml")
                let (status, changed) = try await findings(home, [:])
                #expect(status == 1 && changed["permissions"]?.remedy.contains("chmod go-w") == true, "\(changed)")
            }
        }
    }

    @Test(arguments: [(605, " behind "), (-7_230, " ahead of "), (20, nil)])
    func `compares this machine's clock with HubSpot's`(skew: Int, way: String?) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await Front.with(.skewed(seconds: skew), to: server.port, home) { front in
                    var environment = server.environment
                    environment["HUBSPOT_BASE_URL"] = "http://127.0.0.1:\(front.port)"
                    let (status, found) = try await findings(home, environment)
                    let clock = try #require(found["clock"])
                    guard let way else {
                        #expect(status == 0 && clock.state == "ok", "\(clock)")
                        return
                    }
                    #expect(status == 1 && clock.state == "broken", "\(clock)")
                    #expect(clock.text.contains("\(way)127.0.0.1's"), "\(clock)")
                    #expect(clock.text.contains(skew == 605 ? "10 min" : "2 h"), "\(clock)")
                    #expect(clock.remedy.contains("timedatectl"))
                    // The way is there, and so is the portal.
                    #expect(found["TCP"]?.state == "ok" && found["portal"]?.state == "ok", "\(found)")
                }
            }
        }
    }

    @Test func `reads a configuration that is wrong, and ends with 2`() async throws {
        try await Home.with { home in
            let configuration = try home.write("[profiles.a]\ntokn_env = 'X'\n", to: "config.toml")
            let (status, found) = try await findings(
                home, ["MOONSPOT_CONFIG": configuration, "MOONSPOT_PROFILE": "a"])
            #expect(status == 2 && found["configuration"]?.state == "broken")
            #expect(found["configuration"]?.text.contains("did you mean 'token_env'") == true)
        }
    }
}
