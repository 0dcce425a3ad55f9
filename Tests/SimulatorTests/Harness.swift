import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Simulator

/// A simulator with an HTTP client in front of it.
struct Bench {
    let simulator: Simulator
    let clock: ManualSimulatorClock

    struct Answer {
        var status: Int
        var headers: [String: String]
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
    }

    /// Runs `body` beside a simulator whose clock stands still until it is advanced.
    static func running(
        contacts: Int = 0, _ change: (inout SimulatorOptions) -> Void = { _ in }, _ body: (Bench) async throws -> Void
    ) async throws {
        let clock = ManualSimulatorClock()
        var options = SimulatorOptions()
        options.token = "pat-na1-00000000-0000-4000-8000-000000000000"
        options.contacts = contacts
        options.clock = clock
        options.quota = .unlimited
        change(&options)
        try await Simulator.withRunning(options) { simulator in
            try await body(Bench(simulator: simulator, clock: clock))
        }
    }

    /// Sends one request; `token` nil leaves the header out.
    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, token: String? = "own",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await sendBytes(method, path, body?.bytes, token: token, headers: headers)
    }

    func sendBytes(
        _ method: String, _ path: String, _ body: [UInt8]?, token: String? = "own", headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: simulator.baseURL + path)
        request.method = .RAW(value: method)
        if let token {
            request.headers.add(name: "Authorization", value: "Bearer \(token == "own" ? simulator.token : token)")
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body {
            if request.headers["Content-Type"].isEmpty {
                request.headers.add(name: "Content-Type", value: "application/json")
            }
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let collected = try await response.body.collect(upTo: 256 << 20)
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = value }
        return Answer(status: Int(response.status.code), headers: fields, bytes: Array(collected.readableBytesView))
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }
    func post(_ path: String, _ body: JSONValue) async throws -> Answer { try await send("POST", path, body) }

    static let contacts = "/crm/v3/objects/contacts"

    /// Makes a contact; its id.
    @discardableResult
    func contact(_ properties: JSONValue) async throws -> String {
        let answer = try await post(Self.contacts, ["properties": properties])
        #expect(answer.status == 201, "\(answer.text)")
        return answer.json["id"]?.string ?? ""
    }

    func search(_ body: JSONValue) async throws -> Answer { try await post(Self.contacts + "/search", body) }

    /// The emails that a search finds, in its order.
    func found(_ body: JSONValue) async throws -> [String] {
        let answer = try await search(body)
        #expect(answer.status == 200, "\(answer.text)")
        return (answer.json["results"]?.array ?? []).map { $0["properties"]?["email"]?.string ?? "-" }
    }
}

extension JSONValue {
    func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, part in
            guard let value else { return nil }
            if let index = Int(part), let array = value.array { return array.indices ~= index ? array[index] : nil }
            return value[String(part)]
        }
    }
}

/// Removes a file that a test has made, where it is there.
func unlinkFile(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}
