import Foundation
import HubSpot
import TestSupport
import Testing

@testable import Moonspot

/// config.toml as an editor, a disk or a template may leave it.
@Suite("A damaged configuration file") struct ConfigurationFuzzTests {
    private static let sound = """
        default_profile = "acme"
        [profiles.acme]
        auth = "token"
        token_command = "pass show hubspot/acme"
        portalId = 1234567
        limits = "190/10s,625000/day,search=5/s"
        read_only = true
        base_url = "https://api.hubapi.com"
        api_version = "v3"
        store = "file"
        [profiles."two words"]
        token_file = "two.token"

        """

    private static let odd = [
        "\"", "'''", "\"\"\"", "[", "]", "[[", "{", "}", "=", ".", ",", "#", "\n", "\r", "\0", "\u{FEFF}", "\u{202E}",
        "nan", "-inf", "1e999",
        "9223372036854775807", "9223372036854775808", "-1", "0x7fffffffffffffff", "2026-11-28T25:00:00Z", "1979-05-27",
        "true",
        "\"\\uD800\"", "\"\\q\"", "[1, \"a\"]", "{ a = 1 }", "999999999999999999999/10s", "0/0s", "1/1e999s",
        "http://[::1", "\u{1F600}",
        String(repeating: "[", count: 2_000), String(repeating: "a.", count: 500), String(repeating: "9", count: 400),
    ]

    @Test(arguments: ["[é]", "[.a]", "[[=]]", "[ #x]", "[\n]", "[[[", "[\u{202E}a]"])
    func `names the line of a table without a name`(header: String) throws {
        let text = "default_profile = \"acme\"\n[profiles.acme]\ntoken_command = \"\"\"\n[ $x ]\n\"\"\"\n\(header)\n"
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile(parsing: text, path: "config.toml")
        }
        #expect(error?.message.hasPrefix("config.toml:6: a table's name expected") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["2026-11-28", "2026-11-28T", "2026-11-28 x", "10:", "[ 1, 2026-11-28T25 ]", "-1:"])
    func `names the line of a date or time`(value: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile(
                parsing: "default_profile = \"a\"\n[profiles.2026-11-28]\n10-00 = \(value)\n", path: "config.toml")
        }
        #expect(error?.message == "config.toml:3: no date or time expected; write it in quotes")
    }

    @Test func `is none where brackets begin the lines of a text or a list`() throws {
        let text =
            "[profiles.acme]\ntoken_command = \'\'\'\n[ $x ] &&\n[[ é ]]\'\'\'\n#[é]\n[profiles.\"é [.\"]\n[ profiles.'b' ]\nauth = 'token'"
        #expect(try ConfigurationFile(parsing: text, path: "config.toml").profiles.count == 3)
    }

    @Test func `gives a profile or one error that names the file`() {
        let environment = ProcessInfo.processInfo.environment
        let rounds = environment["MOONSPOT_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1
        var dice = SeededGenerator(environment["MOONSPOT_FUZZ_SEED"].flatMap { Int($0) } ?? 3)
        var refused = 0
        for _ in 0..<2_000 * rounds {
            var text = Array(Self.sound.unicodeScalars)
            for _ in 0...Int.random(in: 0...2, using: &dice) {
                let start = Int.random(in: 0..<text.count, using: &dice)
                let end = min(text.count, start + Int.random(in: 0...20, using: &dice))
                let piece = Self.odd[Int.random(in: 0..<Self.odd.count, using: &dice)]
                text.replaceSubrange(start..<end, with: Bool.random(using: &dice) ? Array(piece.unicodeScalars) : [])
            }
            var damaged = String.UnicodeScalarView()
            damaged.append(contentsOf: text)
            do throws(ConfigurationError) {
                _ = try ConfigurationFile(parsing: String(damaged), path: "config.toml").profile("acme")
            } catch {
                refused += 1
                #expect(error.message.hasPrefix("config.toml:"), "\(error.message)")
                #expect(!error.message.contains("\n"), "\(error.message)")
            }
        }
        #expect(refused > 500 * rounds)
    }
}
