import HubSpot
import Quota

extension StoreProblem.Remedy {
    /// What a user of this program does about it.
    var advice: String {
        switch self {
        case .otherFolder: Self.elsewhere
        case .room: "make room, or \(Self.elsewhere)"
        case .update: "update this one, or give it another state folder (MOONSPOT_STATE)"
        case .reachableServer, .nearerServer, .mendedServer: "\(words), or choose --store file"
        case .password: "set MOONSPOT_REDIS_PASSWORD, and MOONSPOT_REDIS_USER where the server has users"
        case .endStoppedProcess, .patience, .deleteFile, .deleteKeys, .rights: words
        }
    }

    private static let elsewhere =
        "name a folder on a local disk that you may write to (MOONSPOT_STATE), or choose --store memory"
}
