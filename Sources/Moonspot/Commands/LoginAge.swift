import HubSpot
import Wire

/// How long ago a profile was logged in. HubSpot does not say when a token was made.
enum LoginAge {
    /// HubSpot's advice: a new one every six months.
    private static let advised: Int64 = 182

    /// `2026-11-29`, in UTC.
    static func day(at time: Duration) -> String {
        String(Timestamp.iso(time.components.seconds * 1000).prefix(10))
    }

    /// Whole days; nil for a note that is no day, or of the future.
    static func days(since day: String, at now: Duration) -> Int64? {
        guard let then = Timestamp.parse(day, missingZone: .isUTC) else { return nil }
        let days = (now.components.seconds - then / 1000) / 86_400
        return days < 0 ? nil : days
    }

    /// For people: `12 days`, with a word from six months on.
    static func words(_ days: Int64, _ kind: CredentialKind) -> String {
        let age = days == 1 ? "1 day" : "\(days) days"
        guard days >= advised, !kind.isApp else { return age }
        return
            "\(age): HubSpot advises a new one every six months; make it in HubSpot's settings (it can leave the old one a week), run moonspot auth login again, and delete the old one"
    }
}
