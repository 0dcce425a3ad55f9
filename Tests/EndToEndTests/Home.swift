import Foundation
import FoundationNetworking

/// An empty home folder, and the built program as somebody who has just that would start it.
struct Home: Sendable {
    let folder: URL

    /// The program under test: `MOONSPOT_BINARY`, or the one beside the test bundle.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["MOONSPOT_BINARY"] { return named }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("moonspot").path
    }()

    /// The repository, for the scripts that people run as they are.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A home folder for the time of `body`.
    static func with<T>(_ body: (Home) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moonspot-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(Home(folder: folder.resolvingSymlinksInPath()))
    }

    /// What a login would set, and no credential. The program's own folder leads the PATH, for `#!/usr/bin/env moonspot`.
    func environment(_ further: [String: String] = [:]) -> [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let tools = URL(fileURLWithPath: Self.binary).deletingLastPathComponent().path
        return ["HOME": folder.path, "PATH": "\(tools):\(path)", "TERM": "xterm", "LANG": "C.UTF-8"]
            .merging(further) { $1 }
    }

    func start(_ arguments: [String], environment further: [String: String] = [:]) throws -> Child {
        try Child([Self.binary] + arguments, environment: environment(further))
    }

    /// Runs the program to its end.
    func run(
        _ arguments: String..., input: String = "", environment further: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws -> Child.Result {
        try await start(arguments, environment: further).finish(input: input, within: limit)
    }

    /// Runs a line of shell, in which `"$@"` is the program and its arguments.
    func shell(
        _ line: String, _ arguments: String..., environment further: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws -> Child.Result {
        try await Child(["/bin/bash", "-c", line, "bash", Self.binary] + arguments, environment: environment(further))
            .finish(within: limit)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Writes a file that can be started. A child writes it: whatever this process starts at the same time holds a copy of
    /// each descriptor until it has become another program, and a file that is open for writing cannot be started.
    func writeProgram(_ text: String, to name: String) async throws -> String {
        let writer = ["/bin/sh", "-c", #"cat > "$1" && chmod 755 "$1""#, "sh", path(name)]
        let result = try await Child(writer, environment: environment()).finish(input: text)
        guard result.status == 0 else { throw Child.Failure("cannot write \(name): \(result.errors)") }
        return path(name)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    static func automation(_ name: String) -> String {
        repository.appendingPathComponent("scripts/automation/\(name)").path
    }
}

/// `moonspot simulator` as a process of its own.
struct SimulatorServer: Sendable {
    let url: String
    let token: String
    let process: Child

    /// What a client needs to reach it.
    var environment: [String: String] { ["HUBSPOT_ACCESS_TOKEN": token, "HUBSPOT_BASE_URL": url] }

    /// A server for the time of `body`. It has to end by itself when it is told to.
    static func with<T>(
        _ home: Home, _ options: String..., body: (SimulatorServer) async throws -> T
    ) async throws -> T { try await with(home, options, body: body) }

    static func with<T>(
        _ home: Home, _ options: [String], body: (SimulatorServer) async throws -> T
    ) async throws -> T {
        let process = try home.start(["simulator", "--port", "0"] + options)
        do {
            let line = try await process.line()
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, Array(words[..<2]) == ["simulator", "ready"], words[3] == "token" else {
                throw Child.Failure("unexpected first line: \(line)")
            }
            let answer = try await body(SimulatorServer(url: words[2], token: words[4], process: process))
            process.signal(SIGTERM)
            let end = try await process.finish(within: .seconds(20))
            guard end.status == 0 else { throw Child.Failure("the simulator ended with \(end.status): \(end.errors)") }
            return answer
        } catch {
            process.signal(SIGKILL)
            throw error
        }
    }

    /// One of the simulator's own requests, answered as JSON.
    @discardableResult
    func control(_ method: String, _ path: String, body: String? = nil) async throws -> [String: any Sendable] {
        var request = URLRequest(url: URL(string: url + path)!, timeoutInterval: 20)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        let text = String(decoding: data, as: UTF8.self)
        guard status == 200 || status == 204 else { throw Child.Failure("\(method) \(path): \(status) \(text)") }
        return try JSONSerialization.jsonObject(with: data) as? [String: any Sendable] ?? [:]
    }
}
