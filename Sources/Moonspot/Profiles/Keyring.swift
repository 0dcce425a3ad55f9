/// Why the keyring did not do as it was told.
struct KeyringProblem: Error, CustomStringConvertible {
    var description: String
}

/// The desktop's Secret Service, through `secret-tool` (Debian: libsecret-tools). Secrets go over its standard streams,
/// never into its arguments.
struct Keyring: Sendable {
    let profile: String

    private func attributes(_ name: String) -> [String] {
        ["application", "moonspot", "profile", profile, "secret", name]
    }

    /// The secret of that name; nil where there is none.
    func lookup(_ name: String) async throws(KeyringProblem) -> String? {
        let result = try await tool(["lookup"] + attributes(name), nil)
        // Without a secret it says nothing and ends with 1.
        guard result.status == 0 || result.status == 1 else { throw problem(result) }
        return result.output.isEmpty ? nil : result.output
    }

    func store(_ name: String, _ secret: [UInt8]) async throws(KeyringProblem) {
        let label = "moonspot \(profile): \(name.replacing("_", with: " "))"
        let result = try await tool(["store", "--label=\(label)"] + attributes(name), secret)
        guard result.status == 0 else { throw problem(result) }
    }

    /// Forgets the secret, if there is one.
    func clear(_ name: String) async throws(KeyringProblem) {
        _ = try await tool(["clear"] + attributes(name), nil)
    }

    private func tool(_ words: [String], _ input: [UInt8]?) async throws(KeyringProblem) -> CommandOutput {
        do throws(FileProblem) {
            return try await SecretCommand.run(["secret-tool"] + words, input: input ?? [])
        } catch {
            throw KeyringProblem(
                description:
                    "the keyring is reached through secret-tool, which could not be run (\(error)); install it (Debian: libsecret-tools), or log in without --keyring"
            )
        }
    }

    private func problem(_ result: CommandOutput) -> KeyringProblem {
        KeyringProblem(
            description:
                "secret-tool ended with status \(result.status); it needs an unlocked keyring of the desktop's session")
    }
}
