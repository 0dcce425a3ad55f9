import GRDB
import JSON
import NIOCore
import NIOPosix
import Testing

@testable import Simulator

@Suite("Hostile input") struct HostileTests {
    private static let bodies: [[UInt8]] = [
        [], [0], [0xFF, 0xFE], Array("{".utf8), Array("null".utf8), Array("[]".utf8), Array("{}".utf8), Array("7".utf8),
        Array("\"x\"".utf8), Array("[[[[".utf8), Array("{\"inputs\":{}}".utf8), Array("{\"inputs\":[null,7,[]]}".utf8),
        Array("{\"inputs\":[{\"id\":{}}]}".utf8), Array("{\"properties\":null}".utf8),
        Array("{\"properties\":{\"email\":\"a\\u0000@b.org\",\"firstname\":\"\\u0000\"}}".utf8),
        Array("{\"filterGroups\":[7],\"sorts\":{},\"limit\":-1,\"after\":\"x\"}".utf8),
        Array(
            "{\"name\":7,\"label\":[],\"objectTypeId\":\"0-1\",\"processingType\":\"DYNAMIC\",\"filterBranch\":7}".utf8),
        Array("{\"name\":\"x\",\"labels\":7,\"requiredProperties\":7,\"properties\":[7],\"associatedObjects\":7}".utf8),
        Array("{\"fields\":[{\"name\":\"email\",\"value\":[]}],\"context\":7,\"legalConsentOptions\":[]}".utf8),
        Array("{\"inputs\":[{\"from\":7,\"to\":{\"id\":9e99},\"types\":[{}]}]}".utf8),
        Array("{\"primaryObjectId\":1e400,\"objectIdToMerge\":-1,\"objectId\":9223372036854775807}".utf8),
    ]
    private static let parameters = ["0-1", "%00", "%FF", "9223372036854775808", "-1", "%27%22%3B--", "..%2F..", "x"]
    private static let queries = [
        "", "?limit=x&after=x&archived=x", "?limit=-1", "?after=-9223372036854775808&limit=1", "?%00=%00&&=&a",
        "?properties=%00,%FF,'&idProperty=%27&associations=%27", "?limit=99999999999999999999",
        "?includeFilters=&listName=",
    ]

    /// Every call that is served, with every odd body; parameters and queries take turns.
    @Test(arguments: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    func `gets an answer as HubSpot's from every call`(type: String) async throws {
        try await Bench.running(contacts: 2) { bench in
            var turn = 0
            for route in API.routes {
                for body in Self.bodies where route.body.contentType.hasPrefix(type.prefix { $0 != ";" }) {
                    let parameter = Self.parameters[turn % Self.parameters.count]
                    let path = route.pattern.split(separator: "/").map { part in
                        part == "{type}" || part == "{to}"
                            ? (turn % 3 == 0 ? parameter : "contacts")
                            : part.hasPrefix("{") ? parameter : String(part)
                    }
                    let versioned = Self.versioned(path) + Self.queries[turn % Self.queries.count]
                    turn += 1
                    let sent: [UInt8]? = route.method == "GET" || route.method == "DELETE" ? nil : body
                    let answer = try await bench.sendBytes(
                        route.method, versioned, sent, headers: sent == nil ? [] : [("Content-Type", type)])
                    let about = "\(route.method) \(versioned) \(String(decoding: body, as: UTF8.self)): \(answer.text)"
                    #expect(answer.status < 500, "\(about)")
                    if answer.status >= 400, answer.headers["content-type"]?.hasPrefix("application/json") == true {
                        #expect(answer.json["message"]?.string?.isEmpty == false, "\(about)")
                        #expect(answer.json["correlationId"] != nil, "\(about)")
                    }
                }
            }
            #expect(turn > 0)
            #expect(try await bench.get(Bench.contacts).status == 200)
        }
    }

    /// A canonical pattern under its numbered name.
    private static func versioned(_ parts: [String]) -> String {
        switch parts[0] {
        case "crm":
            let isFourth = parts[1] == "associations" || parts[1] == "objects" && parts.contains("associations")
            return "/crm/\(isFourth ? "v4" : "v3")/" + parts[1...].joined(separator: "/")
        case "marketing", "files", "account-info": return "/\(parts[0])/v3/" + parts[1...].joined(separator: "/")
        case "oauth" where parts[1] == "token": return "/oauth/v3/" + parts[1...].joined(separator: "/")
        default: return "/" + parts.joined(separator: "/")
        }
    }

    @Test func `that moves the clock on without end is refused in time`() async throws {
        try await Bench.running { bench in
            var status = 200
            var steps = 0
            while status == 200, steps < 5000 {
                status = try await bench.send("POST", "/_simulator/clock", ["advance_ms": 100_000_000_000], token: nil)
                    .status
                steps += 1
            }
            #expect(status == 400)
            #expect(steps > 1000)
            let record = try await bench.contact(["email": "late@example.org"])
            #expect(
                try await bench.get("\(Bench.contacts)/\(record)").json["createdAt"]?.string?.hasPrefix("8") == true)
        }
    }

    @Test(arguments: [
        "", "{", "{\"a\"", "{\"a\":", "{\"a\":\"b", "{\"a\":\"b\\", "{\"a\" : \"b\"}", "{\"a\":1}", "[]", "\"",
        "{\"\":\"\"}",
        "{\"a\":\"b\"", "\u{0}",
    ])
    func `that meets properties of another shape in the file shows what is there`(stored: String) {
        let properties = StoredProperties(stored: stored)
        var buffer = JSONWriter()
        properties.appendSelection(["a", "b"], to: &buffer)
        let shown = try? JSONValue.parse(buffer.bytes)
        #expect(shown?["b"] == .null)
        #expect(properties.words(of: ["a", "b"]).count <= 1)
    }

    @Test func `that is kept in a file of another program leaves it alone`() throws {
        let path = "/tmp/simulator-test-\(UUIDs.version4()).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlinkFile(path + suffix) } }
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE portal (x); INSERT INTO portal VALUES (1)") }
        try queue.close()
        var options = SimulatorOptions()
        options.database = path
        #expect(throws: SimulatorOptionError.self) { _ = try Portal(options) }
    }

    @Test(arguments: ["HEAD", "TRACE", "PROPFIND", "OPTIONS", "PUT"])
    func `with another method is refused`(method: String) async throws {
        try await Bench.running { bench in
            let answer = try await bench.send(method, Bench.contacts)
            #expect(answer.status == 405)
            let alive = try await bench.get(Bench.contacts)
            #expect(alive.status == 200)
        }
    }

    @Test func `of ten megabytes in one value is refused, and too many of them too`() async throws {
        try await Bench.running { bench in
            let huge = Array("{\"properties\":{\"firstname\":\"\(String(repeating: "x", count: 10 << 20))\"}}".utf8)
            #expect(try await bench.sendBytes("POST", Bench.contacts, huge).status == 400)
            let many =
                "{\"inputs\":[" + Array(repeating: "{\"id\":\"1\"}", count: 200_000).joined(separator: ",") + "]}"
            #expect(try await bench.sendBytes("POST", "\(Bench.contacts)/batch/read", Array(many.utf8)).status == 400)
            let deep = Array(String(repeating: "{\"a\":", count: 100_000).utf8)
            #expect(try await bench.sendBytes("POST", "\(Bench.contacts)/search", deep).status == 400)
            let wide = (0..<20_000).map { "\"p\($0)\":\"x\"" }.joined(separator: ",")
            let answer = try await bench.sendBytes("POST", Bench.contacts, Array("{\"properties\":{\(wide)}}".utf8))
            #expect(answer.status == 400)
            let name = String(repeating: "n", count: 100_000)
            #expect(try await bench.post(Bench.contacts, ["properties": [name: "x"]]).status == 400)
        }
    }

    @Test func `keeps NUL in a value away from what is stored beside it`() async throws {
        try await Bench.running { bench in
            let id = try await bench.contact(["email": "nul@example.org", "firstname": "a\u{0}b", "lastname": "kept"])
            let record = try await bench.get("\(Bench.contacts)/\(id)?properties=firstname,lastname").json
            #expect(record.at("properties.lastname") == "kept")
            #expect(try await bench.found(["query": "kept"]) == ["nul@example.org"])
        }
    }

    /// What comes back for bytes that no HTTP client would send.
    private func exchange(_ bench: Bench, _ text: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: bench.simulator.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = ""
            do {
                for try await part in inbound {
                    received += String(buffer: part)
                    if received.contains("\r\n\r\n") { break }
                }
            } catch is IOError {}
            return received
        }
    }

    @Test(arguments: [
        "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n",
        "POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", "POST /x HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n",
    ])
    func `that is no HTTP ends its connection, not the server`(text: String) async throws {
        try await Bench.running { bench in
            let answer = try await exchange(bench, text)
            #expect(!answer.contains(" 500 "), "\(answer)")
            let alive = try await bench.get(Bench.contacts)
            #expect(alive.status == 200)
        }
    }

    @Test func `that comes slowly holds up nobody else`() async throws {
        try await Bench.running { bench in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: bench.simulator.port).get()
            let head = "POST \(Bench.contacts) HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
            try await channel.writeAndFlush(ByteBuffer(string: head))
            for _ in 0..<20 { #expect(try await bench.get(Bench.contacts).status == 200) }
            try await channel.close()
            #expect(try await bench.get(Bench.contacts).status == 200)
        }
    }
}
