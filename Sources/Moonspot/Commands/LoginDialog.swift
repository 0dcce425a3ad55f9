import CEdit

import Glibc

/// The questions of a login. They are asked on standard error, and only of a person at a terminal.
struct LoginDialog {
    private var isTerminal: Bool { isatty(0) == 1 }

    /// Nil without a terminal.
    func kind() -> CredentialKind? {
        guard isTerminal else { return nil }
        Output.error.line("What do you have?")
        for (index, kind) in CredentialKind.allCases.enumerated() {
            Output.error.line("  \(index + 1)  \(kind.name)\(kind == .token ? " (usual for scripts)" : "")")
        }
        while true {
            guard let answer = line("Number [1]: ", mayBeEmpty: true) else { return nil }
            if answer.isEmpty { return .token }
            if let number = Int(answer), CredentialKind.allCases.indices.contains(number - 1) {
                return CredentialKind.allCases[number - 1]
            }
            Output.error.line("a number from 1 to \(CredentialKind.allCases.count), or Enter for 1")
        }
    }

    /// Three lines: where in HubSpot it is made.
    func explain(_ kind: CredentialKind) {
        guard isTerminal else { return }
        for line in kind.explanation { Output.error.line(line) }
    }

    /// A line that is shown as it is typed; nil without a terminal, and at the end of input.
    func line(_ prompt: String, mayBeEmpty: Bool = false) -> String? {
        guard isTerminal else { return nil }
        Output.error.write(prompt)
        guard let line = readLine() else { return nil }
        let text = line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        return text.isEmpty && !mayBeEmpty ? nil : String(text)
    }

    /// A line typed without echo, or the first of standard input.
    func secret(_ prompt: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = ce_read_secret(0, 2, prompt, &buffer, buffer.count)
        defer { for index in buffer.indices { buffer[index] = 0 } }
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension CredentialKind {
    /// What is asked for, for people.
    var prompt: String {
        switch self {
        case .token: "Token (a service key or a private app's token)"
        case .apiKey: "API key"
        case .header, .query: "Secret"
        case .oauth, .clientCredentials: "Client secret"
        }
    }

    /// Where in HubSpot it is made. Service keys come first: new private apps cannot be made any more.
    fileprivate var explanation: [String] {
        switch self {
        case .token:
            [
                "A service key: in HubSpot under Settings, Integrations, Service keys; choose its scopes and copy it.",
                "Legacy private apps can no longer be created; the token of an existing one works (Settings, Integrations, Private apps).",
                "Give it the scopes that you need and no others: it opens the portal to everyone who has it.",
            ]
        case .oauth:
            [
                "An OAuth app: in HubSpot's developer platform (hs project create); client id and secret are on its Auth page.",
                "Its redirect URLs must hold the address http://localhost:8976/oauth-callback, or that of --port.",
                "You agree in the browser; moonspot keeps what it gets and renews it by itself.",
            ]
        case .clientCredentials:
            [
                "An OAuth app's own calls, such as those of the webhooks journal, with no account's consent.",
                "Client id and secret are on the app's Auth page in HubSpot's developer platform.",
                "For the records of an account take a service key, or --kind oauth.",
            ]
        case .apiKey:
            [
                "HubSpot takes no API keys since 30 November 2022: its own servers are not asked with one.",
                "For a server that still takes ?hapikey=, name it with --base-url.",
                "In HubSpot, a service key takes its place (Settings, Integrations, Service keys).",
            ]
        case .header, .query:
            [
                "For a gateway in front of HubSpot, or an older server: name it with --base-url.",
                "HubSpot's own servers take secrets in the header Authorization alone.",
                "The gateway's owner gives you the secret, and says where it goes.",
            ]
        }
    }
}
