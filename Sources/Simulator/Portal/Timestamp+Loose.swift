import Wire

extension Timestamp {
    /// ISO text or a whole number of milliseconds, as HubSpot's search and forms take them.
    static func parseLoosely(_ text: String) -> Int64? { Int64(text) ?? parse(text) }
}
