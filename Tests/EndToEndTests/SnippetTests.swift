import Foundation
import FoundationNetworking
import Testing

@Suite("Code that moonspot forms snippet makes") struct SnippetTests {
    /// Text that would be code, were it not data.
    private static let hostile = "\"'`${1+1}$(id)</script>\\n{{url}} %s\nJSON\r\u{2028}\u{202E}é 😀 אב]]"

    /// Makes a form whose every text is hostile; its id.
    private static func makeHostile(_ server: SimulatorServer) async throws -> String {
        let text = String(decoding: try JSONEncoder().encode(hostile), as: UTF8.self)
        let definition = """
            {"name":\(text),"formType":"hubspot","createdAt":"2026-11-01T00:00:00Z","archived":false,
             "fieldGroups":[{"groupType":"default_group","richTextType":"text","richText":\(text),"fields":[
               {"objectTypeId":"0-1","name":"email","label":\(text),"required":true,"hidden":false,"dependentFields":[],"fieldType":"email",
                "validation":{"blockedEmailDomains":[],"useDefaultBlockList":false}},
               {"objectTypeId":"0-1","name":"message","label":\(text),"required":true,"hidden":false,"dependentFields":[],
                "fieldType":"multi_line_text","defaultValue":\(text)},
               {"objectTypeId":"0-1","name":"favourite_food","label":\(text),"required":true,"hidden":false,"dependentFields":[],
                "fieldType":"dropdown","options":[{"label":\(text),"value":\(text),"displayOrder":0}]}]}],
             "configuration":{"language":"en","postSubmitAction":{"type":"thank_you","value":\(text)},"recaptchaEnabled":false},
             "displayOptions":{"submitButtonText":\(text)},
             "legalConsentOptions":{"type":"explicit_consent_to_process","privacyText":\(text),
               "communicationsCheckboxes":[{"subscriptionTypeId":999,"label":\(text),"required":true}]}}
            """
        var request = URLRequest(url: URL(string: server.url + "/marketing/v3/forms")!, timeoutInterval: 20)
        request.httpMethod = "POST"
        request.httpBody = Data(definition.utf8)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("Bearer \(server.token)", forHTTPHeaderField: "Authorization")
        let (data, _) = try await URLSession.shared.data(for: request)
        let made = try JSONSerialization.jsonObject(with: data) as? [String: any Sendable]
        guard let id = made?["id"] as? String else { throw Child.Failure(String(decoding: data, as: UTF8.self)) }
        return id
    }

    /// Nobody waits half a minute for a test.
    private static let runners = [
        "curl": ["/bin/sh"], "python": ["/usr/bin/env", "python3"], "lua": [Home.binary, "--timeout", "3s"],
    ]

    /// Writes the code to a file and runs that.
    private func run(
        _ kind: String, of form: String, _ home: Home, _ server: SimulatorServer, isSecure: Bool = false,
        changing: (String) -> String = { $0 }
    ) async throws -> Child.Result {
        let made = try await home.start(
            ["forms", "snippet", form, kind] + (isSecure ? ["--secure"] : []), environment: server.environment
        ).finish(within: .seconds(60))
        #expect(made.status == 0, "\(made.errors)")
        #expect(!made.output.contains(server.token))
        let path = try home.write(changing(made.output), to: "snippet.\(kind)")
        // Without a token, where the code needs none. Lua's session has one of its own.
        let needsToken = isSecure || kind == "lua"
        return try await Child(
            (Self.runners[kind] ?? []) + [path], environment: home.environment(needsToken ? server.environment : [:])
        ).finish(within: .seconds(60))
    }

    private func submissions(_ server: SimulatorServer) async throws -> [[String: any Sendable]] {
        try await server.control("GET", "/_simulator/submissions")["results"] as? [[String: any Sendable]] ?? []
    }

    @Test(arguments: ["curl", "python", "lua"]) func `runs as it stands`(kind: String) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let result = try await run(kind, of: "Every field", home, server)
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.contains("https://www.example.org/thanks"), "\(result.output)")
                let secure = try await run(kind, of: "Newsletter", home, server, isSecure: true)
                #expect(secure.status == 0, "\(secure.errors)")
                let received = try await submissions(server)
                #expect(received.count == 2)
                let fields = received.first?["fields"] as? [any Sendable] ?? []
                #expect(fields.count == 13)
                let wrong = try await run(kind, of: "Contact us", home, server) {
                    $0.replacingOccurrences(of: "ada@example.org", with: "nobody")
                }
                #expect(wrong.status != 0)
                #expect((wrong.output + wrong.errors).contains("INVALID_EMAIL"), "\(wrong.output)\(wrong.errors)")
            }
        }
    }

    /// Faults of the way, and what the code then says of the submission: whether it may have been made.
    private static let faults: [(name: String, action: String, isUnknown: Bool)] = [
        ("reset", #"{"kind":"reset_before"}"#, true), ("cut", #"{"kind":"truncate"}"#, true),
        ("slow", #"{"kind":"hang"}"#, true),
        ("page", #"{"status":200,"body":"<html>hello</html>"}"#, true), ("text", #"{"status":200,"body":"OK"}"#, true),
        ("list", #"{"status":400,"body":[1,2]}"#, false),
        ("gateway", #"{"status":502,"body":"<html>\n502\n</html>"}"#, true),
        ("odd errors", #"{"status":400,"body":{"errors":[1,{"message":7}],"message":{}}}"#, false),
        ("empty refusal", #"{"status":400,"body":""}"#, false),
    ]

    @Test(arguments: ["curl", "python", "lua"], Self.faults.map(\.name)) func `ends in a sentence whatever comes`(
        kind: String, name: String
    ) async throws {
        let fault = try #require(Self.faults.first { $0.name == name })
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                _ = try await server.control(
                    "PUT", "/_simulator/faults",
                    body: #"{"rules":[{"method":"POST","path":"/submissions/*","action":\#(fault.action)}]}"#)
                let result = try await run(kind, of: "Contact us", home, server) {
                    $0.replacingOccurrences(of: "PATIENCE = 30", with: "PATIENCE = 1")
                        .replacingOccurrences(of: "--max-time 30", with: "--max-time 1")
                }
                #expect(result.status == 1, "\(result.output)\(result.errors)")
                #expect(result.output == "")
                let lines = result.errors.split(separator: "\n")
                #expect(lines.count == 1, "\(result.errors)")
                #expect(!result.errors.contains("Traceback") && !result.errors.contains("stack"), "\(result.errors)")
                if kind != "lua" {
                    let saysUnknown = ["may have been submitted", "not known whether"].contains {
                        result.errors.contains($0)
                    }
                    #expect(saysUnknown == fault.isUnknown, "\(result.errors)")
                }
            }
        }
    }

    @Test(arguments: ["curl", "python", "lua"]) func `keeps the portal's text as text`(kind: String) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let form = try await Self.makeHostile(server)
                let result = try await run(kind, of: form, home, server)
                #expect(result.status == 0, "\(result.errors)")
                let fields = try await submissions(server).first?["fields"] as? [[String: any Sendable]] ?? []
                #expect(fields.count == 3)
                for field in fields where field["name"] as? String != "email" {
                    #expect(field["value"] as? String == Self.hostile, "\(field)")
                }
            }
        }
    }
}
