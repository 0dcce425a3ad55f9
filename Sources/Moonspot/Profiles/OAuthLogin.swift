import HubSpot

import Glibc

/// Where a profile keeps what its OAuth login has got: a file beside config.toml that no other user may read, or the keyring.
/// All processes of the profile share it, and renew it one at a time.
struct OAuthLogin: OAuthTokenKeeper {
    /// Of the profile.
    let name: String
    /// The folder of config.toml.
    let folder: String
    let usesKeyring: Bool

    static let keyringName = "oauth"

    var path: String { "\(folder)/\(name).oauth" }
    private var lockName: String { "\(name).oauth.lock" }

    func read() async throws(HubSpotError) -> OAuthTokens? {
        let text: String
        if usesKeyring {
            do {
                guard let kept = try await Keyring(profile: name, folder: folder).lookup(Self.keyringName) else {
                    return nil
                }
                text = kept
            } catch { throw refuse(error.description) }
        } else {
            guard FileBytes.exists(path) else { return nil }
            text = try TokenFile.read(path, key: "the login's file", refuse)
        }
        guard let tokens = OAuthTokens(kept: Array(text.utf8)) else {
            throw refuse("what the login has kept cannot be read; log in again: moonspot auth login --profile \(name)")
        }
        return tokens
    }

    /// The file is written beside the old one and made safe before it takes its place: whenever this process ends, one of
    /// the two is there whole.
    func write(_ tokens: OAuthTokens) async throws(HubSpotError) {
        let bytes = tokens.kept
        do {
            if usesKeyring {
                try await Keyring(profile: name, folder: folder).store(Self.keyringName, bytes)
            } else {
                try FileBytes.makeFolder(folder)
                try FileBytes.replace(path, with: bytes + [0x0A], mode: 0o600)
            }
        } catch {
            throw refuse(
                usesKeyring
                    ? "\(error)"
                    : "\(path) could not be written (\(error)); make room there, or let its folder be written to")
        }
    }

    func lock() async throws(HubSpotError) -> any OAuthTokenLock {
        do throws(FileProblem) {
            try FileBytes.makeFolder(folder)
            return try await FileLock.take(lockName, in: folder)
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw refuse("its tokens cannot be renewed: \(error)")
        }
    }

    /// Forgets the login.
    func remove() async throws {
        let lock = try await lock()
        defer { lock.release() }
        if usesKeyring { try await Keyring(profile: name, folder: folder).clear(Self.keyringName) }
        for file in [path, "\(folder)/\(lockName)"] where unlink(file) != 0 && errno != ENOENT {
            throw ConfigurationError("\(file) could not be removed: \(FileProblem.last())")
        }
    }

    private func refuse(_ reason: String) -> HubSpotError {
        HubSpotError(.unauthenticated, "profile '\(name)': \(reason)")
    }
}
