import Glibc
import HubSpot
import Quota

/// The process's surroundings: the variables of the contract, and the folders where files live. Read once, before any
/// thread exists.
struct ProcessEnvironment: Sendable {
    /// Every variable but the secret ones.
    var variables: [String: String]
    /// Out of `HUBSPOT_ACCESS_TOKEN`, which is gone by now.
    var token: EnvironmentToken?
    /// Out of `MOONSPOT_REDIS_PASSWORD`, likewise.
    var redisPassword: RedisPassword?

    /// Reads the environment and takes the secrets out of it: their bytes are overwritten and the variables are unset,
    /// so that `os.getenv`, child processes and `/proc/self/environ` lack them. Before any thread or Lua state exists.
    static func take() -> ProcessEnvironment {
        let token = EnvironmentSecret.take("HUBSPOT_ACCESS_TOKEN").map { EnvironmentToken($0) }
        let redisPassword = EnvironmentSecret.take("MOONSPOT_REDIS_PASSWORD").map { RedisPassword($0) }
        return ProcessEnvironment(variables: current(), token: token, redisPassword: redisPassword)
    }

    subscript(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// All variables, as they are now.
    private static func current() -> [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return result
    }

    var home: String { self["HOME"] ?? "/" }

    /// `MOONSPOT_CONFIG`, else `$XDG_CONFIG_HOME/moonspot/config.toml`.
    var configurationPath: String {
        self["MOONSPOT_CONFIG"] ?? (self["XDG_CONFIG_HOME"] ?? home + "/.config") + "/moonspot/config.toml"
    }

    /// `MOONSPOT_STATE`, else `$XDG_STATE_HOME/moonspot`.
    var stateFolder: String {
        self["MOONSPOT_STATE"] ?? (self["XDG_STATE_HOME"] ?? home + "/.local/state") + "/moonspot"
    }

    var library: Library { Library(folder: self["MOONSPOT_STDLIB"]) }

    /// `NO_COLOR` counts when it is set to anything but nothing (no-color.org).
    var declinesColor: Bool { self["NO_COLOR"] != nil }
}
