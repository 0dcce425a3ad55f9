/// Tells a walk over pages that it would never end: because a cursor, or the same page, comes again, or because empty pages
/// follow each other.
struct PageWatch {
    /// HubSpot's pages may be empty where a filter takes all of one; so many in a row name no end.
    private static let mostEmptyPages = 100

    private var cursors = CursorWatch()
    private var pages = CursorWatch()
    private var empty = 0

    /// Notes a page by the ids of its first and last element, and where the next one begins.
    /// - Throws: kind `badResponse`.
    mutating func note(first: String?, last: String?, count: Int, next: String?) throws(HubSpotError) {
        if let first, let last, !pages.isNew("\(count)\0\(first)\0\(last)") {
            throw HubSpotError(.badResponse, "HubSpot's pages go round: the same results came again")
        }
        empty = count == 0 ? empty + 1 : 0
        guard let next else { return }
        try cursors.step(next)
        if empty == Self.mostEmptyPages {
            throw HubSpotError(
                .badResponse, "\(empty) of HubSpot's pages in a row are empty, and each names a next one")
        }
    }
}
