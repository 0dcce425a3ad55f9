/// Tells a walk over pages that it has come to a cursor where it was before, and so would never end.
///
/// At once for circles of up to 1,000 pages, by Brent's algorithm sooner or later for larger ones: its memory does not
/// grow with the walk.
struct CursorWatch {
    private static let capacity = 1_000

    private var recent: Set<String> = []
    private var ring: [String] = []
    private var oldest = 0
    private var mark: String?
    private var steps = 0
    private var power = 1

    /// Notes the cursor of the next page.
    /// - Throws: kind `badResponse` where it is empty, or was there before.
    mutating func step(_ cursor: String) throws(HubSpotError) {
        guard !cursor.isEmpty else {
            throw HubSpotError(.badResponse, "HubSpot's page names an empty cursor as the beginning of the next one")
        }
        guard isNew(cursor) else {
            throw HubSpotError(
                .badResponse, "HubSpot's pages go round: the page after '\(cursor.prefix(80))' was there before")
        }
    }

    /// Notes the key that tells a step of a walk from others; false where it was there before.
    mutating func isNew(_ cursor: String) -> Bool {
        guard cursor != mark, recent.insert(cursor).inserted else { return false }
        if ring.count < Self.capacity {
            ring.append(cursor)
        } else {
            recent.remove(ring[oldest])
            ring[oldest] = cursor
            oldest = (oldest + 1) % Self.capacity
        }
        steps += 1
        if steps == power {
            (mark, steps, power) = (cursor, 0, power * 2)
        }
        return true
    }
}
