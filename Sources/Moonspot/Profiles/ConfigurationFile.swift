import Foundation
import HubSpot
import TOMLKit
import Words

/// `config.toml`: profiles by name, and which of them is used where none is named.
///
///     default_profile = "acme"
///     [profiles.acme]
///     token_command = "pass show hubspot/acme"
///     portalId = 1234567
struct ConfigurationFile: Sendable, Equatable {
    /// As it was given, for messages.
    let path: String
    let defaultProfile: String?
    /// Those that can be used.
    let profiles: [String: Profile]
    /// Why each of the others cannot: told where that profile is asked for, so that it stands in no other one's way.
    private let faults: [String: ConfigurationError]

    /// Reads the file. One that does not exist has no profiles.
    ///
    /// - Throws: ``ConfigurationError``, which names the file, the profile and the key.
    static func load(_ path: String) throws(ConfigurationError) -> ConfigurationFile {
        guard FileManager.default.fileExists(atPath: path) else {
            return ConfigurationFile(path: path)
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("\(path): cannot be read; check its owner and mode")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError("\(path): is not UTF-8")
        }
        return try ConfigurationFile(parsing: text, path: path)
    }

    /// A file that does not exist.
    private init(path: String) {
        self.path = path
        defaultProfile = nil
        profiles = [:]
        faults = [:]
    }

    init(parsing text: String, path: String) throws(ConfigurationError) {
        let table: TOMLTable
        if let (line, problem) = TOMLPitfalls.find(in: text) { throw ConfigurationError("\(path):\(line): \(problem)") }
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            // The parser shows the text as it stands.
            let problem = error.description.unicodeScalars.map {
                $0.value < 0x20 || $0.value == 0x7F ? " " : String($0)
            }.joined()
            throw ConfigurationError("\(path):\(error.source.begin.line): \(problem)")
        } catch {
            throw ConfigurationError("\(path): \(error)")
        }
        let reader = TableReader(table: table, place: path)
        try reader.refuseUnknown(["default_profile", "profiles"])
        defaultProfile = try reader.string("default_profile")
        var profiles: [String: Profile] = [:]
        var faults: [String: ConfigurationError] = [:]
        if let named = try reader.table("profiles") {
            for name in named.keys {
                guard let profile = named[name]?.table else {
                    throw ConfigurationError("\(path): profiles.\(name) is no table; write [profiles.\(name)]")
                }
                do throws(ConfigurationError) {
                    profiles[name] = try Profile(
                        name: name, reader: TableReader(table: profile, place: "\(path): profile '\(name)'"),
                        folder: (path as NSString).deletingLastPathComponent)
                } catch {
                    faults[name] = error
                }
            }
        }
        self.profiles = profiles
        self.faults = faults
        self.path = path
    }

    /// The names of all profiles.
    var names: Set<String> { Set(profiles.keys).union(faults.keys) }

    /// Told where the default is asked for: a profile that is named can be used all the same.
    var missingDefault: ConfigurationError? {
        guard let defaultProfile, !names.contains(defaultProfile) else { return nil }
        return ConfigurationError(
            "\(path): default_profile names '\(defaultProfile)', which is no profile here\(hint(defaultProfile)); moonspot auth default NAME names another"
        )
    }

    /// The profile of that name; without a name the default one, or nil where there is none.
    func profile(_ name: String?) throws(ConfigurationError) -> Profile? {
        if name == nil, let missingDefault { throw missingDefault }
        guard let name = name ?? defaultProfile else { return nil }
        guard let profile = profiles[name] else {
            if let fault = faults[name] { throw fault }
            let known = names.isEmpty ? "; it has no profiles" : "; it has \(names.sorted().joined(separator: ", "))"
            let nearest = NearestName.nearest(to: name, among: names).map { "; did you mean '\($0)'?" }
            throw ConfigurationError("\(path): no profile '\(name)'\(nearest ?? known)")
        }
        return profile
    }

    /// The environment variables that hold the profiles' secrets.
    var secretVariables: Set<String> {
        Set(
            profiles.values.flatMap { profile in
                var names = [profile.redisPasswordVariable].compactMap { $0 }
                for case .environment(let name)? in [profile.token, profile.app?.secret] { names.append(name) }
                return names
            })
    }

    private func hint(_ name: String) -> String {
        NearestName.hint(for: name, among: names)
    }
}

/// Reads one table's keys, with errors that say where.
struct TableReader {
    let table: TOMLTable
    /// `config.toml: profile 'acme'`.
    let place: String

    func refuseUnknown(_ known: [String]) throws(ConfigurationError) {
        for key in table.keys.sorted() where !known.contains(key) {
            let hint =
                NearestName.nearest(to: key, among: known).map { "did you mean '\($0)'?" }
                ?? "known are \(known.joined(separator: ", "))"
            throw ConfigurationError("\(place): unknown key '\(key)'; \(hint)")
        }
    }

    func string(_ key: String) throws(ConfigurationError) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw wrong(key, value, "a string") }
        guard !text.isEmpty else { throw ConfigurationError("\(place): \(key) is empty") }
        return text
    }

    /// A string, which may be empty.
    func text(_ key: String) throws(ConfigurationError) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw wrong(key, value, "a string") }
        return text
    }

    /// A list of strings.
    func strings(_ key: String) throws(ConfigurationError) -> [String]? {
        guard let value = table[key] else { return nil }
        guard let list = value.array else { throw wrong(key, value, "a list of strings") }
        var texts: [String] = []
        for element in list {
            guard let text = element.string, !text.isEmpty else {
                throw ConfigurationError("\(place): \(key) must be a list of strings, none of them empty")
            }
            texts.append(text)
        }
        return texts
    }

    func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let value = table[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, value, "true or false") }
        return flag
    }

    /// A whole number, or a string of digits.
    func integer(_ key: String) throws(ConfigurationError) -> Int64? {
        guard let value = table[key] else { return nil }
        if let number = value.int { return Int64(number) }
        if let text = value.string, let number = Int64(text) { return number }
        throw wrong(key, value, "a whole number")
    }

    func table(_ key: String) throws(ConfigurationError) -> TOMLTable? {
        guard let value = table[key] else { return nil }
        guard let inner = value.table else { throw wrong(key, value, "a table") }
        return inner
    }

    /// Says which type came; not the value, which may be a secret in the wrong place.
    private func wrong(_ key: String, _ value: any TOMLValueConvertible, _ expected: String) -> ConfigurationError {
        ConfigurationError("\(place): \(key) must be \(expected), not \(value.type)")
    }
}
