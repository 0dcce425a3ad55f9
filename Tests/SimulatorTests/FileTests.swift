import JSON
import Testing

@testable import Simulator

@Suite("Files") struct FileTests {
    private let path = "/files/v3/files"

    private func upload(
        _ bench: Bench, _ fields: [(String, String)], content: [UInt8]? = Array("hello".utf8), name: String = "cat.png",
        path: String = "/files/v3/files"
    ) async throws -> Bench.Answer {
        var body: [UInt8] = []
        for (name, value) in fields {
            body += Array("--XX\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        if let content {
            let head = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
            body += Array((head + "Content-Type: image/png\r\n\r\n").utf8) + content + [0x0D, 0x0A]
        }
        body += Array("--XX--\r\n".utf8)
        return try await bench.sendBytes(
            "POST", path, body, headers: [("Content-Type", "multipart/form-data; boundary=XX")])
    }

    private let options = ("options", #"{"access":"PUBLIC_INDEXABLE"}"#)

    @Test func `are uploaded, described and served at their address`() async throws {
        try await Bench.running { bench in
            let content: [UInt8] = [0, 13, 10, 45, 45, 255] + Array("\r\n--XY not the boundary".utf8)
            let made = try await upload(bench, [("folderPath", "/library/cats"), options], content: content)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["name"] == "cat")
            #expect(made.json["extension"] == "png")
            #expect(made.json["path"] == "/library/cats/cat.png")
            #expect(made.json["size"] == .integer(content.count))
            #expect(made.json["type"] == "IMG")
            #expect(made.json["access"] == "PUBLIC_INDEXABLE")
            let id = made.json["id"]?.string ?? ""
            #expect(try await bench.get("\(path)/\(id)").json == made.json)
            let url = try #require(made.json["url"]?.string)
            let served = try await bench.send("GET", String(url.dropFirst(bench.simulator.baseURL.count)), token: nil)
            #expect(served.bytes == content)
            #expect(served.headers["content-type"] == "image/png")
            let folder = made.json["parentFolderId"]?.string ?? ""
            let again = try await upload(bench, [("folderId", folder), options, ("fileName", "cat")])
            #expect(again.json["path"] == "/library/cats/cat-1.png")
            let found = try await bench.get("\(path)/search?name=cat&limit=1")
            #expect(found.json["results"]?.array?.count == 1)
            #expect(found.json.at("paging.next.after") == .string(id))
            #expect(try await bench.send("DELETE", "\(path)/\(id)").status == 204)
            #expect(try await bench.get("\(path)/\(id)").status == 404)
            #expect(
                try await bench.send("GET", String(url.dropFirst(bench.simulator.baseURL.count)), token: nil).status
                    == 404)
        }
    }

    @Test func `that are private are not served`() async throws {
        try await Bench.running { bench in
            let made = try await upload(bench, [("folderPath", "x"), ("options", #"{"access":"PRIVATE"}"#)])
            let url = try #require(made.json["url"]?.string)
            #expect(try await bench.get(String(url.dropFirst(bench.simulator.baseURL.count))).status == 404)
            let signed = try await bench.get("\(path)/\(made.json["id"]?.string ?? "")/signed-url")
            #expect(signed.json["name"] == "cat")
            #expect(signed.json["size"] == 5)
        }
    }

    @Test func `expire where a time to live is given`() async throws {
        try await Bench.running { bench in
            let brief = ("options", #"{"access":"PRIVATE","ttl":"P1DT1H"}"#)
            let made = try await upload(bench, [("folderPath", "x"), brief])
            let id = made.json["id"]?.string ?? ""
            bench.clock.advance(by: .seconds(25 * 3600 - 1))
            #expect(try await bench.get("\(path)/\(id)").status == 200)
            bench.clock.advance(by: .seconds(1))
            #expect(try await bench.get("\(path)/\(id)").status == 404)
        }
    }

    @Test func `that are there already are refused or returned, where that is asked for`() async throws {
        try await Bench.running { bench in
            let first = try await upload(bench, [("folderPath", "a"), options])
            func twin(_ strategy: String, _ scope: String) async throws -> Bench.Answer {
                let text =
                    #"{"access":"PRIVATE","duplicateValidationStrategy":"\#(strategy)","duplicateValidationScope":"\#(scope)"}"#
                return try await upload(bench, [("folderPath", "b"), ("options", text)])
            }
            #expect(try await twin("REJECT", "ENTIRE_PORTAL").status == 409)
            let same = try await twin("RETURN_EXISTING", "ENTIRE_PORTAL")
            #expect(same.json["id"] == first.json["id"])
            #expect(try await twin("REJECT", "EXACT_FOLDER").status == 201)
        }
    }

    @Test(arguments: [
        ([("folderPath", "x")], "options"), ([("options", #"{"access":"PRIVATE"}"#)], "folderId"),
        ([("folderPath", "x"), ("options", "{}")], "access"),
        ([("folderPath", "x"), ("options", #"{"access":"OPEN"}"#)], "Enum type"),
        ([("folderPath", "x"), ("folderId", "1"), ("options", #"{"access":"PRIVATE"}"#)], "Only one"),
        ([("folderPath", "../x"), ("options", #"{"access":"PRIVATE"}"#)], "not valid"),
        ([("folderPath", "x"), ("options", #"{"access":"PRIVATE","ttl":"soon"}"#)], "soon"),
        ([("folderPath", "x"), ("options", "{"), ("fileName", "a/b")], "Invalid input JSON"),
        ([("folderPath", "x"), ("options", #"{"access":"PRIVATE"}"#), ("fileName", "a/b")], "name"),
    ])
    func `are refused without what they need`(fields: [(String, String)], says: String) async throws {
        try await Bench.running { bench in
            let answer = try await upload(bench, fields)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(answer.json["message"]?.string?.contains(says) == true, "\(answer.text)")
        }
    }

    @Test(arguments: [
        "", "--XX", "--XX--", "--XX\r\n\r\n", "no boundary",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nnever ends",
        "--XX\r\nContent-Disposition: form-data; name=\"file\r\n\r\n\r\n--XX\r\n--XX--",
    ])
    func `of a body that is cut wrong are refused`(body: String) async throws {
        try await Bench.running { bench in
            for type in ["multipart/form-data; boundary=XX", "multipart/form-data", "multipart/form-data; boundary=\""]
            {
                let answer = try await bench.sendBytes(
                    "POST", path, Array(body.utf8), headers: [("Content-Type", type)])
                #expect(answer.status == 400, "\(body): \(answer.text)")
            }
            let json = try await bench.post(path, [:])
            #expect(json.status == 415)
        }
    }

    @Test func `lie in folders, which take their files along`() async throws {
        try await Bench.running { bench in
            let folder = try await bench.post("/files/v3/folders", ["name": "deep", "parentPath": "/a/b"])
            #expect(folder.status == 201, "\(folder.text)")
            #expect(folder.json["path"] == "/a/b/deep")
            let made = try await upload(bench, [("folderPath", "/a/b/deep"), options])
            #expect(made.json["parentFolderId"] == folder.json["id"])
            #expect(try await bench.get("/files/v3/folders/search").json["results"]?.array?.count == 3)
            let parent = folder.json["parentFolderId"]?.string ?? ""
            #expect(try await bench.send("DELETE", "/files/v3/folders/\(parent)").status == 204)
            #expect(try await bench.get("\(path)/\(made.json["id"]?.string ?? "")").status == 404)
            #expect(try await bench.get("/files/v3/folders/\(folder.json["id"]?.string ?? "")").status == 404)
        }
    }
}
