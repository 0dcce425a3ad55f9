import Foundation
import Glibc
import Testing

@Suite("The renewal of an OAuth login") struct OAuthRenewalTests {
    @Test func `is shared by processes, which renew it one at a time`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--oauth-life", "60s", "--oauth-rotate") { server in
                _ = try await login(home, server, port: freePort())
                // The tokens have ended for everybody.
                try await server.control("POST", "/_simulator/clock", body: #"{"advance_ms": 61000}"#)
                try age(home, by: 61)
                let results = try await withThrowingTaskGroup(of: Child.Result.self) { group in
                    for number in 1...8 {
                        group.addTask {
                            try await home.run(
                                "-e", "hubspot.contacts.create{ email = 'p\(number)@example.org' }.email")
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for result in results { #expect(result.status == 0, "\(result.errors)") }
                let count = try await home.run("-e", "hubspot.contacts.count()")
                #expect(count.output == "8\n", "\(count.errors)")
                let log = try await server.control("GET", "/_simulator/stats")
                // The login's exchange and one refresh; no call was refused.
                #expect((log["by_status"] as? [String: Int])?["401"] == nil, "\(log)")
                #expect((log["by_status"] as? [String: Int])?["400"] == nil, "\(log)")
            }
        }
    }

    @Test func `survives a kill before the server has answered`() async throws {
        try await renewing { home, server, front in
            let (old, asked) = (try home.read(kept), try front.renewals)
            try await server.control(
                "PUT", "/_simulator/faults",
                body:
                    #"{"rules":[{"method":"POST","path":"/oauth/*/token","nth":1,"times":1,"action":{"delay_ms":600000}}]}"#
            )
            let child = try home.start(["-e", "hubspot.contacts.count()"])
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline, try front.renewals == asked { await Task.yield() }
            child.signal(SIGKILL)
            #expect(try await child.finish().status == 128 + SIGKILL)
            #expect(try front.renewals > asked)
            #expect(try home.read(kept) == old)
            try await expectRenewed(home, since: old)
        }
    }

    /// A call to the system at which a process is killed, before the call does anything.
    enum SystemCall: String, CaseIterable {
        /// The new file is there, and empty.
        case writing = "write:signal=KILL"
        /// The new file is written, and not safe yet.
        case syncing = "fsync:signal=KILL:when=1"
        /// The new file is safe, and has not taken the old one's place.
        case renaming = "/^rename:signal=KILL"
        /// The new file has its place, and that is not safe yet.
        case syncingFolder = "fsync:signal=KILL:when=2"
    }

    @Test(
        .enabled("strace is installed, and may trace") { await SystemCallTrace.works }, arguments: SystemCall.allCases)
    func `survives a kill at each step of its way to disk`(call: SystemCall) async throws {
        try await renewing { home, _, front in
            let old = try home.read(kept)
            let place = call == .writing ? "-P '\(home.path(kept)).new'" : ""
            let killed = try await home.shell(
                "\(SystemCallTrace.command) \(place) -e 'trace=write,fsync,/^rename' -e 'inject=\(call.rawValue)' \"$@\"",
                "--store", "memory", "-e", "hubspot.contacts.count()")
            #expect(killed.status == 128 + SIGKILL, "\(killed.errors)")
            let isThere = home.exists("\(kept).new")
            switch call {
            case .writing, .syncing, .renaming:
                #expect(try home.read(kept) == old)
                #expect(try isThere && home.read("\(kept).new").contains("refresh_token") == (call != .writing))
                try await expectRenewed(home, since: old)
            case .syncingFolder:
                #expect(try home.read(kept) != old && !isThere)
                let asked = try front.renewals
                try await expectRenewed(home, since: old)
                #expect(try front.renewals == asked)
            }
        }
    }

    @Test(arguments: [true, false])
    func `goes on where what it got cannot be kept, and says so once`(rotates: Bool) async throws {
        try await renewing(rotates: rotates) { home, _, _ in
            let old = try home.read(kept)
            // As on a full disk, the first byte is refused with an error.
            let code = "for i = 1, 3 do hubspot.contacts.list() end return hubspot.contacts.count()"
            let run = try await home.shell(
                "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "--store", "memory", "-e", code)
            #expect(run.status == 0 && run.output == "2\n", "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(run.errors.contains("could not be kept: profile 'app': \(home.path(kept))"), "\(run.errors)")
            #expect(run.errors.contains("make room") && run.errors.contains("moonspot auth login"), "\(run.errors)")
            #expect(try home.read(kept) == old && !home.exists("\(kept).new"))
            guard rotates else { return try await expectRenewed(home, since: old) }
            // The server has ended the login that is kept.
            let next = try await home.run("-e", "hubspot.contacts.count()")
            #expect(next.status == 3 && next.errors.contains("moonspot auth login"), "\(next.errors)")
        }
    }

    @Test(arguments: [
        (["-e", "hubspot.contacts.count()"], 0), (["-e", "hubspot.contacts.count() os.exit(7)"], 7),
        (["--time-limit", "1500ms", "-e", "hubspot.contacts.count() while true do end"], 1),
    ]) func `that has begun is kept, though the program ends before its answer`(words: [String], status: Int)
        async throws
    {
        try await renewing(ended: false) { home, server, front in
            let (old, asked) = (try home.read(kept), try front.renewals)
            try await server.control(
                "PUT", "/_simulator/faults",
                body:
                    #"{"rules":[{"method":"POST","path":"/oauth/*/token","nth":1,"times":1,"action":{"delay_ms":3000}}]}"#
            )
            let run = try await home.start(words).finish()
            #expect(Int(run.status) == status, "\(run.errors)")
            #expect(!run.errors.contains("renewed"), "\(run.errors)")
            #expect(try front.renewals == asked + 1)
            #expect(try home.read(kept) != old)
        }
    }

    private let kept = ".config/moonspot/app.oauth"

    /// A login whose access token has ended, or is about to.
    private func renewing(
        rotates: Bool = true, ended: Bool = true, _ body: (Home, SimulatorServer, Front) async throws -> Void
    ) async throws {
        try await Home.with { home in
            // With a tenth of it left, a token is renewed ahead of its end.
            let life = ended ? 60 : 600
            let options = ["--contacts", "2", "--oauth-life", "\(life)s"] + (rotates ? ["--oauth-rotate"] : [])
            try await SimulatorServer.with(home, options) { server in
                try await Front.with(.plain, to: server.port, home) { front in
                    let done = try await login(home, server, at: "http://127.0.0.1:\(front.port)", port: freePort())
                    #expect(done.status == 0, "\(done.errors)")
                    try age(home, by: ended ? 61 : life - 30)
                    try await body(home, server, front)
                }
            }
        }
    }

    /// The next process gets a session, and keeps what it got.
    private func expectRenewed(_ home: Home, since old: String) async throws {
        let next = try await home.run("-e", "hubspot.contacts.count()")
        #expect(next.status == 0 && next.output == "2\n", "\(next.errors)")
        #expect(try home.read(kept) != old)
        let made = try await home.shell("cd \"$HOME/.config/moonspot\" && stat -c '%a' app.oauth; ls app.oauth.new")
        #expect(made.output == "600\n")
    }

    @Test func `that the server has ended is one clear error`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--oauth-life", "60s") { server in
                _ = try await login(home, server, port: freePort())
                try age(home, by: 61)
                try await server.control("POST", "/_simulator/reset")
                let refused = try await home.run("-e", "hubspot.contacts.count()")
                #expect(refused.status == 3)
                #expect(refused.errors.contains("missing or invalid refresh token"), "\(refused.errors)")
                #expect(refused.errors.contains("moonspot auth login"))
            }
        }
    }
}

/// strace, which stops a process at a call to the system, to the very call.
private enum SystemCallTrace {
    static let command = "strace -f -qq -o /dev/null"

    static var works: Bool {
        get async {
            let made = try? await Home.with { try await $0.shell("\(command) -e trace=fsync true") }
            return made?.status == 0
        }
    }
}

extension Front {
    /// How often it was asked for another token by now.
    fileprivate var renewals: Int {
        get throws { try received.components(separatedBy: "grant_type=refresh_token").count - 1 }
    }
}
