/// Tells a walk over pages that it would never end: because a cursor, or the same page, comes again, or because empty pages
/// follow each other.
struct PageWatch {
    /// HubSpot's pages may be empty where a filter takes all of one; so many in a row name no end.
    private static let mostEmptyPages = 100

    private var cursors = CursorWatch()
    private var pages = CursorWatch()
    private var empty = 0

    /// Notes where the walk begins.
    mutating func begin(_ cursor: String) { _ = cursors.isNew(cursor) }

    /// Notes a page.
    /// - Throws: kind `badResponse` where it was there before.
    mutating func note(_ page: PageBounds) throws(HubSpotError) {
        if let first = page.first, let last = page.last, !pages.isNew("\(page.count)\0\(first)\0\(last)") {
            throw HubSpotError(.badResponse, "HubSpot's pages go round: the same results came again")
        }
        empty = page.count == 0 ? empty + 1 : 0
    }

    /// Notes where the next page begins.
    /// - Throws: kind `badResponse`.
    mutating func note(next: String) throws(HubSpotError) {
        try cursors.step(next)
        if empty == Self.mostEmptyPages {
            throw HubSpotError(
                .badResponse, "\(empty) of HubSpot's pages in a row are empty, and each names a next one")
        }
    }
}
