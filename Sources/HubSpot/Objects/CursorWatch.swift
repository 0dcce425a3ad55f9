/// Tells a walk over pages that it has come to a cursor where it was before, and so would never end.
///
/// At once for circles of up to 1,000 pages, by Brent's algorithm sooner or later for larger ones: its memory does not
/// grow with the walk.
struct CursorWatch {
    private static let capacity = 1_000

    private var recent: Set<String> = []
    private var ring: [String] = []
    private var oldest = 0
    private var circle = CursorCircle()

    /// Notes the cursor of the next page.
    /// - Throws: kind `badResponse` where it is empty, or was there before.
    mutating func step(_ cursor: String) throws(HubSpotError) {
        guard !cursor.isEmpty else {
            throw HubSpotError(.badResponse, "HubSpot's page names an empty cursor as the beginning of the next one")
        }
        guard isNew(cursor) else { throw .pagesGoRound(cursor) }
    }

    /// Notes the key that tells a step of a walk from others; false where it was there before.
    mutating func isNew(_ cursor: String) -> Bool {
        guard recent.insert(cursor).inserted else { return false }
        if ring.count < Self.capacity {
            ring.append(cursor)
        } else {
            recent.remove(ring[oldest])
            ring[oldest] = cursor
            oldest = (oldest + 1) % Self.capacity
        }
        return circle.isNew(cursor)
    }
}

/// Brent's algorithm: a walk that goes round meets a mark that was left behind, wherever its circle begins. Three fields,
/// however long the walk is.
package struct CursorCircle: Sendable {
    private var mark: String?
    private var steps = 0
    private var power = 1

    package init() {}

    /// Notes a cursor; false where the walk was there before: sooner or later for every circle.
    package mutating func isNew(_ cursor: String) -> Bool {
        if cursor == mark { return false }
        steps += 1
        if steps == power { (mark, steps, power) = (cursor, 0, power * 2) }
        return true
    }
}

extension HubSpotError {
    package static func pagesGoRound(_ cursor: String) -> HubSpotError {
        HubSpotError(
            .badResponse, "HubSpot's pages go round: the page after '\(cursor.prefix(80))' was there before")
    }
}
