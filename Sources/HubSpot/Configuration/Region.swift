/// A data centre of HubSpot's: `na1`, `eu1`.
public struct Region: Sendable, Hashable, CustomStringConvertible {
    /// The word: `eu1`.
    public let description: String

    /// Nil for a word that is none: two to four letters, then one or two digits. A server may say anything here, and the
    /// word becomes part of a host's name.
    public init?(_ word: some StringProtocol) {
        let letters = word.utf8.prefix { (0x61...0x7A).contains($0) }
        let digits = word.utf8.dropFirst(letters.count)
        guard (2...4).contains(letters.count), (1...2).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        description = String(word)
    }

    /// Where HubSpot began, and whose hosts have no region in their names.
    public static let northAmerica = Region(known: "na1")

    private init(known word: String) { description = word }
}

extension BaseURL {
    /// HubSpot's API of a region: `https://api-eu1.hubapi.com` (source: amp-labs/connectors#3509).
    public static func api(of region: Region) -> BaseURL {
        region == .northAmerica ? .api : BaseURL(secureHost: "api-\(region).hubapi.com")
    }

    /// Where the forms of a region's accounts are submitted: `https://api-eu1.hsforms.com`.
    public static func forms(of region: Region) -> BaseURL {
        region == .northAmerica ? .forms : BaseURL(secureHost: "api-\(region).hsforms.com")
    }

    /// The region whose API this is; nil for a host that is not HubSpot's, and for the one that serves all regions.
    var region: Region? {
        guard let match = host.wholeMatch(of: /api-([a-z0-9]+)\.hubapi\.com/) else { return nil }
        return Region(match.1)
    }
}
