import Foundation
import FoundationNetworking
import Glibc
import Testing

/// The simulator's OAuth app.
enum App {
    static let id = "5a1e7e00-0000-4000-8000-000000000333"
    static let secret = "5ec7e700-0000-4000-8000-000000000333"
    static let scopes = "oauth,crm.objects.contacts.read,crm.objects.contacts.write"
}

/// A port of this machine that was free a moment ago.
func freePort() throws -> Int {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
        }
    }
    guard bound else { throw Child.Failure("no port: \(String(cString: strerror(errno)))") }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Logs a profile in as a person would, whose browser is the test.
/// - Parameter visit: Goes to the consent page's address, and from there back to the program.
func login(
    _ home: Home, _ server: SimulatorServer, at url: String? = nil, profile: String = "app", port: Int,
    secret: String = App.secret, environment: [String: String] = [:],
    visit: @Sendable (URL) async throws -> Void = { _ = try await URLSession.shared.data(from: $0) }
) async throws -> Child.Result {
    let child = try home.start(
        [
            "auth", "login", "--profile", profile, "--kind", "oauth", "--base-url", url ?? server.url, "--client-id",
            App.id, "--scopes", App.scopes, "--port", "\(port)", "--no-browser",
        ], environment: environment)
    _ = "\(secret)\n".withCString { write(child.input, $0, strlen($0)) }
    // The address stands alone on its line of standard error.
    let address = try await offThread { () -> URL in
        var text = ""
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            var polled = [pollfd(fd: child.errors, events: Int16(POLLIN), revents: 0)]
            guard wait(for: &polled, until: deadline), let bytes = readSome(child.errors) else {
                throw Child.Failure("no address: \(text)")
            }
            text += String(decoding: bytes, as: UTF8.self)
            if text.contains("Waiting for the answer"),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("http") })
            {
                return URL(string: String(line))!  // The program has just printed it.
            }
        }
    }
    try await visit(address)
    return try await child.finish()
}

/// What the login keeps, as it would be after so many seconds.
func age(_ home: Home, by seconds: Int) throws {
    let file = ".config/moonspot/app.oauth"
    var document = try #require(
        try JSONSerialization.jsonObject(with: Data(home.read(file).utf8)) as? [String: Any])
    document["issued_at"] = try #require(document["issued_at"] as? Int) - seconds
    let data = try JSONSerialization.data(withJSONObject: document)
    try home.write(String(decoding: data, as: UTF8.self), to: file)
}
