/// Why the keyring did not do as it was told.
struct KeyringProblem: Error, CustomStringConvertible {
    enum Cause: Sendable {
        /// Why the tool could not be run.
        case noTool(String)
        /// What it says.
        case noAnswer(String)
    }
    let cause: Cause

    var description: String {
        switch cause {
        case .noTool(let reason):
            "the keyring is reached through secret-tool, which could not be run (\(reason)); install it (Debian: libsecret-tools), or log in without --keyring"
        case .noAnswer(let words):
            "the keyring did not answer (\(words)); it takes an unlocked keyring of the desktop's session"
        }
    }
}

/// The desktop's Secret Service, through `secret-tool` (Debian: libsecret-tools). Secrets go over its standard streams,
/// never into its arguments.
struct Keyring: Sendable {
    let profile: String
    /// Of config.toml: another one's profile of that name has secrets of its own.
    let folder: String

    private func attributes(_ name: String) -> [String] {
        ["application", "moonspot", "configuration", folder, "profile", profile, "secret", name]
    }

    /// The secret of that name; nil where there is none.
    func lookup(_ name: String) async throws(KeyringProblem) -> String? {
        let result = try await tool("lookup", attributes(name))
        // Without a secret it says nothing and ends with 1.
        guard result.status == 0 || result.status == 1 && result.complaint.isEmpty else { throw problem(result) }
        return result.output.isEmpty ? nil : result.output
    }

    func store(_ name: String, _ secret: [UInt8]) async throws(KeyringProblem) {
        let label = "moonspot \(profile): \(name.replacing("_", with: " "))"
        let result = try await tool("store", ["--label=\(label)"] + attributes(name), secret)
        guard result.status == 0 else { throw problem(result) }
    }

    /// Forgets the secret, if there is one.
    func clear(_ name: String) async throws(KeyringProblem) {
        let result = try await tool("clear", attributes(name))
        guard result.status == 0 || result.status == 1 && result.complaint.isEmpty else { throw problem(result) }
    }

    private func tool(
        _ verb: String, _ words: [String], _ input: [UInt8] = []
    ) async throws(KeyringProblem) -> CommandOutput {
        do throws(FileProblem) {
            return try await SecretCommand.talk(to: "secret-tool", [verb] + words, input: input)
        } catch {
            throw KeyringProblem(cause: .noTool("\(error)"))
        }
    }

    private func problem(_ result: CommandOutput) -> KeyringProblem {
        // Its own words, without its name before them.
        let said = result.complaint.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let words = said.hasPrefix("secret-tool: ") ? String(said.dropFirst(13)) : said
        return KeyringProblem(
            cause: .noAnswer(
                words.isEmpty ? "secret-tool ended with status \(result.status)" : "secret-tool says: \(words)"))
    }
}
