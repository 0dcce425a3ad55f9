import Foundation
import Glibc

/// A server in front of another one, which writes down what it is sent: `Servers/front.py`.
struct Front: Sendable {
    enum Mode: Sendable {
        case plain
        case tls(certificate: String, key: String)
        /// An HTTP proxy, every tunnel of which leads to the server behind.
        case proxy
        /// Its answers have a date that is so many seconds off.
        case skewed(seconds: Int)
    }

    let port: Int
    private let home: Home
    private let name: String

    /// Every byte that clients have sent, after TLS was taken off.
    var received: String { get throws { try home.read(name) } }

    /// How many connections were made to it.
    var connections: Int { get throws { try home.read("\(name).accepted").split(separator: "\n").count } }

    /// A front for the time of `body`.
    static func with<T>(_ mode: Mode, to port: Int, _ home: Home, body: (Front) async throws -> T) async throws -> T {
        let name = "front-\(UUID().uuidString)"
        let script = Home.repository.appendingPathComponent("Tests/EndToEndTests/Servers/front.py").path
        var words = ["/usr/bin/env", "python3", script]
        switch mode {
        case .plain: words += ["plain", home.path(name), "\(port)"]
        case .tls(let certificate, let key): words += ["tls", home.path(name), "\(port)", certificate, key]
        case .proxy: words += ["proxy", home.path(name), "\(port)"]
        case .skewed(let seconds): words += ["skewed", home.path(name), "\(port)", "\(seconds)"]
        }
        let process = try Child(words, environment: home.environment())
        defer { process.signal(SIGKILL) }
        guard let port = Int(try await process.line()) else { throw Child.Failure("the front said no port") }
        let answer = try await body(Front(port: port, home: home, name: name))
        process.signal(SIGKILL)
        _ = try await process.finish()
        return answer
    }
}

extension SimulatorServer {
    var port: Int { Int(url.split(separator: ":").last ?? "") ?? 0 }
}

/// A certification authority that a test made, and certificates by it.
struct Authority: Sendable {
    /// What trusts it: for SSL_CERT_FILE.
    let certificate: String
    private let home: Home
    private let name: String

    init(_ home: Home, _ name: String = "authority") async throws {
        self.home = home
        self.name = name
        certificate = home.path("\(name).pem")
        try await Self.openssl(
            home,
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(name) -keyout \(name).key -out \(name).pem"
        )
    }

    /// A server's certificate and its key.
    func issue(for host: String) async throws -> (certificate: String, key: String) {
        let file = "\(name)-\(host)"
        try await Self.openssl(
            home,
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(host) -addext subjectAltName=DNS:\(host) -keyout \(file).key -out \(file).csr"
        )
        try await Self.openssl(
            home,
            "x509 -req -in \(file).csr -CA \(name).pem -CAkey \(name).key -CAcreateserial -days 2 -copy_extensions copy -out \(file).pem"
        )
        return (home.path("\(file).pem"), home.path("\(file).key"))
    }

    private static func openssl(_ home: Home, _ words: String) async throws {
        let made = try await home.shell("cd \"$HOME\" && openssl \(words)")
        guard made.status == 0 else { throw Child.Failure("openssl: \(made.errors)") }
    }
}
