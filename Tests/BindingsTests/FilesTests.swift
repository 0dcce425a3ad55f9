import Bindings
import HubSpot
import LuaRuntime
import Simulator
import Synchronization
import Testing

@Suite("hubspot.files.upload") struct FilesTests {
    @Test func `sends every byte, and gives the URL that a form's field takes`() async throws {
        try await Console.running { (console: Console) async throws in
            let answer = try await console.run(
                """
                local everything, bytes = "44444444-4444-4444-8444-444444444444", {}
                for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
                local content = table.concat(bytes):rep(40) .. "--moonspot-boundary-0-7d1c2f90"
                local file = hubspot.files.upload(content, { fileName = 'a "b".bin' })
                local path = file.url:match("^https?://[^/]+(/.*)")
                local back = hubspot.request("GET", path).body
                local c = hubspot.forms.submit_and_wait(everything, { email = "ada@example.org", attachment = file.url },
                  { properties = { "attachment" } })
                return back == content, file.size == #content, c.attachment == file.url
                """)
            #expect(answer == [true, true, true])
        }
    }

    @Test func `reads no path for an untrusted script, and sends what that holds`() async throws {
        try await Console.running { (console: Console) async throws in
            let source = SessionSource(description: SessionDescription()) { () throws(HubSpotError) in
                throw HubSpotError(.unauthenticated, "no credential")
            }
            var options = LuaRuntime.Options()
            options.modules = MoonspotModules.all(session: source, readsFiles: false)
            let runtime = try LuaRuntime(options)
            let answer = try await runtime.run(
                LuaChunk(
                    """
                    local ok, e = pcall(hubspot.files.upload, "/etc/hostname")
                    local sent, f = pcall(hubspot.files.upload, "/etc/hostname", { fileName = "x.txt" })
                    return e.kind, e.message, f.kind
                    """, name: "=test"))
            await runtime.close()
            await source.close()
            #expect(answer.first == "invalid_argument" && answer.last == "unauthenticated")
            #expect(answer[1].asString?.contains("untrusted") == true)
        }
    }

    @Test func `takes a mistaken path for a mistake`() async throws {
        try await Console.running { (console: Console) async throws in
            for (call, words) in [
                ("'/no/such/file.txt'", "does not exist"), ("'/'", "is no file"), ("'a\\nb'", "a file's path expected"),
                ("'/etc/hostname', { fileName = 'x.txt' }", "names a file"), ("5", "string expected"),
                ("'x', { fileName = 'a/b' }", "without '/'"),
                ("'x', { fileName = 'a', folderPath = 'b' }", "begins with"),
            ] {
                let error = try await console.failure("hubspot.files.upload(\(call))")
                #expect(error["kind"] == "invalid_argument", "\(call)")
                #expect(error["message"].asString?.contains(words) == true, "\(call): \(error["message"])")
            }
        }
    }

    @Test func `is a write, for which read-only, dry-run and allow stand`() async throws {
        let call = "return hubspot.files.upload('hello', { fileName = 'hello.txt' })"
        try await Console.running(configure: { $0.isReadOnly = true }) { (console: Console) async throws in
            #expect(try await console.failure(call)["kind"] == "read_only")
        }
        let allowed = try PermissionList("contacts,files:read")
        try await Console.running(configure: { $0.permissions = allowed }) { (console: Console) async throws in
            #expect(try await console.failure(call)["kind"] == "not_allowed")
        }
        let writing = try PermissionList("files:write")
        try await Console.running(configure: { $0.permissions = writing }) { (console: Console) async throws in
            #expect(try await console.value("\(call).size") == 5)
        }
        let shown = Mutex(0)
        try await Console.running(configure: {
            $0.isDryRun = true
            $0.onDryRun = { _ in shown.withLock { $0 += 1 } }
        }) { (console: Console) async throws in
            #expect(try await console.value("\(call).dry_run") == true)
        }
        #expect(shown.withLock { $0 } == 1)
    }
}
