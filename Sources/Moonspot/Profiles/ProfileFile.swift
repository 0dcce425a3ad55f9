import Glibc
import HubSpot

/// `config.toml` as `auth login` and `auth logout` change it: one profile's table, line by line, so that comments and
/// everything else stay as they are. The token lies beside it in a file of its own.
struct ProfileFile: Sendable {
    let path: String
    private let folder: String

    init(environment: ProcessEnvironment) {
        let path = environment.configurationPath
        self.path = path
        folder = FileBytes.parent(of: path)
    }

    /// The profile that is meant where none is named.
    func defaultName() throws(ConfigurationError) -> String {
        try ConfigurationFile.load(path).defaultProfile ?? "default"
    }

    func isDefault(_ name: String) -> Bool { (try? ConfigurationFile.load(path).defaultProfile) == name }

    /// A profile that is made here has a name that is a bare key and a file's name alike.
    static func check(_ name: String) throws(ConfigurationError) {
        let isPlain = name.utf8.allSatisfy {
            $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                || (0x61...0x7A).contains($0)
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= 64 else {
            throw ConfigurationError("the profile's name '\(name)' must be letters, digits, - and _")
        }
    }

    /// Keeps the secret and names it in the profile, which is made if need be. The first profile becomes the default.
    /// Entries that the login sets take the place of those before; all others stay as they are.
    func login(_ name: String, _ login: LoginSettings) async throws {
        try FileBytes.makeFolder(folder)
        let lock = try await FileLock.take(lockPath)
        defer { lock.release() }
        let before = try ConfigurationFile.load(path)
        var lines = try self.lines()
        let table = Self.table(of: name, in: lines)
        if let file = login.file(of: name) {
            let isOurs = table.map { lines[$0].contains { Self.isEntry($0, [file.key]) && Self.isOurs($0) } } ?? false
            guard isOurs || !FileBytes.exists("\(folder)/\(file.name)") else {
                throw ConfigurationError(
                    "\(folder)/\(file.name) is there already and was not made by moonspot auth login: move it away, or log in under another name"
                )
            }
            try FileBytes.replace("\(folder)/\(file.name)", with: file.secret + [0x0A], mode: 0o600)
        }
        var entries = login.entries(of: name)
        if let table {
            let old = lines[table].dropFirst()
            // An entry that a person wrote and that already says so stays theirs.
            entries.removeAll { entry in old.contains { Self.isEntry($0, [entry.key]) && Self.plain($0) == entry.line }
            }
            let replaced = login.endedKeys + entries.map(\.key)
            let kept = old.filter { !Self.isEntry($0, replaced) }
            lines.replaceSubrange(table, with: [lines[table.lowerBound]] + entries.map { Self.marked($0.line) } + kept)
        } else {
            if let last = lines.last, !last.isEmpty { lines.append("") }
            lines += ["[profiles.\(name)]"] + entries.map { Self.marked($0.line) }
        }
        if before.defaultProfile == nil && before.names.isEmpty {
            lines.insert("default_profile = \"\(name)\"", at: 0)
        }
        try write(lines)
    }

    /// Makes a profile the one that is used where none is named.
    func makeDefault(_ name: String) async throws {
        let lock = try await FileLock.take(lockPath)
        defer { lock.release() }
        // One that cannot be used is told, and none that does not exist is named.
        _ = try ConfigurationFile.load(path).profile(name)
        var lines = try self.lines()
        let entry = "default_profile = \"\(name)\""
        let end = lines.firstIndex { $0.drop(while: \.isWhitespace).hasPrefix("[") } ?? lines.endIndex
        if let old = lines[..<end].firstIndex(where: { Self.isEntry($0, ["default_profile"]) }) {
            lines[old] = entry
        } else {
            lines.insert(entry, at: 0)
        }
        try write(lines)
    }

    /// The remains after a logout.
    enum Logout { case profileIsGone, tokenIsGone }

    /// Removes what a login has made: the secret's file or its place in the keyring, the login's tokens, its entries, and
    /// the profile where it holds nothing else. Entries that a person wrote stay.
    func logout(_ name: String) async throws -> Logout {
        guard FileBytes.exists(path) else { throw ConfigurationError("no profile '\(name)': \(path) does not exist") }
        let lock = try await FileLock.take(lockPath)
        defer { lock.release() }
        let file = try ConfigurationFile.load(path)
        guard let profile = try file.profile(name) else { throw ConfigurationError("\(path): no profile '\(name)'") }
        var lines = try self.lines()
        guard let table = Self.table(of: name, in: lines),
            lines[table].contains(where: { Self.isEntry($0, LoginSettings.ownKeys) && Self.isOurs($0) })
        else {
            throw ConfigurationError(
                "profile '\(name)' was not made by moonspot auth login: its credential is yours to remove, in \(path)")
        }
        let made = Array(lines[table])
        let kept = made.dropFirst().filter { !Self.isOurs($0) }
        let isEmpty = kept.allSatisfy { $0.allSatisfy(\.isWhitespace) }
        lines.replaceSubrange(table, with: isEmpty ? [] : [lines[table.lowerBound]] + kept)
        if isEmpty, file.defaultProfile == name { lines.removeAll { Self.isEntry($0, ["default_profile"]) } }
        if profile.auth == .oauth { try await profile.login.remove() }
        for role in [ProfileSecret.Role.token, .clientSecret] {
            let source = role == .token ? profile.token : profile.app?.secret
            if source == .keyring { try await Keyring(profile: name).clear(role.rawValue) }
        }
        try write(lines)
        for (key, suffix) in LoginSettings.files
        where made.contains(where: { Self.isEntry($0, [key]) && Self.isOurs($0) }) {
            let secret = "\(folder)/\(name)\(suffix)"
            if unlink(secret) != 0 && errno != ENOENT {
                throw ConfigurationError("\(secret) could not be removed: \(FileProblem.last())")
            }
        }
        return isEmpty ? .profileIsGone : .tokenIsGone
    }

    /// Held while the file is read and written again, so that logins at the same time lose nothing of each other.
    private var lockPath: String { "\(path).lock" }

    private func lines() throws -> [String] {
        guard FileBytes.exists(path) else { return [] }
        var lines = String(decoding: try FileBytes.read(path), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Nothing is written that could not be read again.
    private func write(_ lines: [String]) throws {
        if lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            if unlink(path) != 0 && errno != ENOENT { throw FileProblem.last() }
            return
        }
        let text = lines.joined(separator: "\n") + "\n"
        _ = try ConfigurationFile(parsing: text, path: path)
        try FileBytes.replace(path, with: Array(text.utf8), mode: 0o600)
    }

    /// Stands behind each entry that a login has written, and a logout takes back.
    private static let mark = "# by moonspot auth login"

    private static func marked(_ entry: String) -> String { "\(entry)  \(mark)" }

    private static func isOurs(_ line: String) -> Bool { line.hasSuffix(mark) }

    /// An entry without space around it and without a comment. A value that holds a `#` is compared only up to there.
    private static func plain(_ line: String) -> String {
        var text = line.prefix { $0 != "#" }.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// From the table's heading to its last entry; the text between it and the next heading belongs to that one.
    private static func table(of name: String, in lines: [String]) -> Range<Int>? {
        func heading(_ line: String) -> String? {
            let text = line.filter { !$0.isWhitespace }.prefix { $0 != "#" }
            return text.hasPrefix("[") ? String(text) : nil
        }
        let names = ["[profiles.\(name)]", "[profiles.\"\(name)\"]", "[profiles.'\(name)']"]
        guard let start = lines.firstIndex(where: { heading($0).map(names.contains) ?? false }) else { return nil }
        guard let next = lines[(start + 1)...].firstIndex(where: { heading($0) != nil }) else {
            return start..<lines.endIndex
        }
        let last = lines[start..<next].lastIndex {
            let text = $0.drop(while: \.isWhitespace)
            return !text.isEmpty && text.first != "#"
        }
        return start..<((last ?? start) + 1)
    }

    private static func isEntry(_ line: String, _ keys: [String]) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        let key = text.prefix { $0 != "=" && !$0.isWhitespace }
        return text.contains("=") && keys.contains(String(key))
    }
}
