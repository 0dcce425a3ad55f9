/// A moment as HTTP's headers spell it: `Sun, 29 Nov 2026 03:04:05 GMT`.
public struct HTTPDate: Sendable, Equatable {
    /// Since 1970.
    public let time: Duration

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Nil for the two obsolete forms, which servers no longer send.
    public init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
            let month = Self.months.firstIndex(where: { $0 == words[2] }), words[3].utf8.count == 4
        else { return nil }
        let number = month + 1
        let day = words[1].utf8.count == 2 ? String(words[1]) : "0\(words[1])"
        guard
            let milliseconds = Timestamp.parse(
                "\(words[3])-\(number < 10 ? "0" : "")\(number)-\(day)T\(words[4])Z")
        else { return nil }
        time = .milliseconds(milliseconds)
    }
}
