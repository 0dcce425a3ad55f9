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

    /// Whether a login may change the profile, asked before a person is.
    ///
    /// - Throws: ``ConfigurationError`` where the file cannot be used, or writes the profile without a heading.
    func checkChange(_ name: String) throws {
        _ = try table(of: name, in: try lines(), ConfigurationFile.load(path))
    }

    /// Keeps the secret and names it in the profile, which is made if need be. The first profile becomes the default.
    /// Entries that the login sets take the place of those before; all others stay as they are. What a login before has
    /// kept and this one does not need goes.
    func login(_ name: String, _ login: LoginSettings) async throws {
        try makeFolder()
        let lock = try await FileLock.take(lockPath)
        defer { lock.release() }
        let before = try ConfigurationFile.load(path)
        var lines = try self.lines()
        let table = try table(of: name, in: lines, before)
        let kept = KeptSecrets(of: before.profiles[name], in: table.map { lines.statements[$0] } ?? [])
        if let file = login.file(of: name), !kept.files.contains(file.name), FileBytes.exists("\(folder)/\(file.name)")
        {
            throw ConfigurationError(
                "\(folder)/\(file.name) is there already and was not made by moonspot auth login: move it away, or log in under another name"
            )
        }
        var entries = login.entries(of: name)
        if let table {
            let old = lines.statements[table].dropFirst()
            // An entry that a person wrote and that already says so stays theirs.
            entries.removeAll { entry in old.contains { $0.sets([entry.key]) && $0.plain == entry.line } }
            let replaced = login.endedKeys + entries.map(\.key)
            let stays = old.filter { !$0.sets(replaced) }
            lines.statements.replaceSubrange(
                table, with: [lines.statements[table.lowerBound]] + entries.map { .marked($0.line) } + stays)
        } else {
            if let last = lines.statements.last, last.lines != [""] { lines.statements.append(.init("")) }
            lines.statements += [.init("[profiles.\(name)]")] + entries.map { .marked($0.line) }
        }
        if before.defaultProfile == nil && before.names.isEmpty {
            lines.statements.insert(.init("default_profile = \"\(name)\""), at: 0)
        }
        let after = try checked(lines, changing: name, from: before)
        // In this order: a secret that no profile names would be in a later login's way.
        let old = try self.lines()
        try write(lines)
        if let file = login.file(of: name) {
            do throws(FileProblem) {
                try FileBytes.replace("\(folder)/\(file.name)", with: file.secret + [0x0A], mode: 0o600)
            } catch {
                try? write(old)
                throw ConfigurationError("\(folder)/\(file.name) could not be written: \(error)")
            }
        }
        let needed = KeptSecrets(
            of: after.profiles[name], in: self.table(of: name, in: lines).map { lines.statements[$0] } ?? [])
        try await kept.subtracting(needed).remove(from: folder, of: name)
    }

    /// Makes a profile the one that is used where none is named.
    func makeDefault(_ name: String) async throws {
        let lock = try await FileLock.take(lockPath)
        defer { lock.release() }
        // One that cannot be used is told, and none that does not exist is named.
        _ = try ConfigurationFile.load(path).profile(name)
        var lines = try self.lines()
        let entry = TOMLLines.Statement("default_profile = \"\(name)\"")
        if let old = lines.statements[..<lines.endOfRoot].firstIndex(where: { $0.sets(["default_profile"]) }) {
            lines.statements[old] = entry
        } else {
            lines.statements.insert(entry, at: 0)
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
        let table = try table(of: name, in: lines, file)
        let made = table.map { lines.statements[$0] } ?? []
        guard let table, profile.holdsLogin || made.contains(where: { $0.sets(LoginSettings.ownKeys) && $0.isOurs })
        else {
            throw ConfigurationError(
                "profile '\(name)' was not made by moonspot auth login: its credential is yours to remove, in \(path)")
        }
        let stays = made.dropFirst().filter { !$0.isOurs }
        let isEmpty = stays.allSatisfy { $0.kind == .other && $0.lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
        lines.statements.replaceSubrange(table, with: isEmpty ? [] : [lines.statements[table.lowerBound]] + stays)
        if isEmpty, file.defaultProfile == name {
            lines.statements[..<lines.endOfRoot].removeAll { $0.sets(["default_profile"]) }
        }
        try await KeptSecrets(of: profile, in: made).remove(from: folder, of: name)
        try write(lines)
        return isEmpty ? .profileIsGone : .tokenIsGone
    }

    /// Held while the file is read and written again, so that logins at the same time lose nothing of each other.
    private var lockPath: String { "\(path).lock" }

    private func makeFolder() throws {
        do { try FileBytes.makeFolder(folder) } catch {
            throw ConfigurationError(
                "\(folder), where the configuration lies, cannot be made: \(error); name another place with MOONSPOT_CONFIG"
            )
        }
    }

    private func lines() throws -> TOMLLines {
        TOMLLines(FileBytes.exists(path) ? String(decoding: try FileBytes.read(path), as: UTF8.self) : "")
    }

    private func table(of name: String, in lines: TOMLLines) -> Range<Int>? { lines.table(["profiles", name]) }

    /// - Throws: ``ConfigurationError`` for a profile that is there, and in no table of its own.
    private func table(
        of name: String, in lines: TOMLLines, _ file: ConfigurationFile
    ) throws(ConfigurationError) -> Range<Int>? {
        let table = table(of: name, in: lines)
        guard table == nil, file.names.contains(name) else { return table }
        throw ConfigurationError(
            "\(path): profile '\(name)' is written within another table, which moonspot auth does not change; write it below a heading of its own, [profiles.\(name)], with a line for each entry, or take another name with --profile"
        )
    }

    /// The file as it will be read.
    ///
    /// - Throws: ``ConfigurationError`` where the profile could not be used, or another one would not be what it was.
    private func checked(
        _ lines: TOMLLines, changing name: String, from before: ConfigurationFile
    ) throws(ConfigurationError) -> ConfigurationFile {
        let after = try ConfigurationFile(parsing: lines.text, path: path)
        _ = try after.profile(name)
        guard after.names.subtracting([name]) == before.names.subtracting([name]),
            before.profiles.allSatisfy({ $0.key == name || after.profiles[$0.key] == $0.value })
        else {
            throw ConfigurationError(
                "\(path): profile '\(name)' cannot be changed without another one; nothing was written. Write each below a heading of its own"
            )
        }
        return after
    }

    /// Nothing is written that could not be read again.
    private func write(_ lines: TOMLLines) throws {
        if lines.isEmpty {
            if unlink(path) != 0 && errno != ENOENT { throw FileProblem.last() }
            return
        }
        _ = try ConfigurationFile(parsing: lines.text, path: path)
        do throws(FileProblem) { try FileBytes.replace(path, with: Array(lines.text.utf8), mode: 0o600) } catch {
            throw ConfigurationError("\(path) could not be written: \(error)")
        }
    }
}

extension TOMLLines.Statement {
    /// Stands behind each entry that a login has written, and a logout takes back.
    private static let mark = "# by moonspot auth login"

    fileprivate static func marked(_ entry: String) -> Self { Self("\(entry)  \(mark)") }

    var isOurs: Bool { lines.last?.hasSuffix(Self.mark) ?? false }

    /// An entry without space around it and without a comment. A value that holds a `#` is compared only up to there.
    fileprivate var plain: String {
        guard lines.count == 1 else { return "" }
        var text = lines[0].prefix { $0 != "#" }.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
