package import JSON

/// A page as HubSpot sent it, and what a walk over pages has to know of it, read in one pass.
package struct AnswerPage: Sendable {
    /// The page's text. One with more in it may take its place: the same elements, with their links or typed values.
    package var slice: JSONSlice
    let bounds: PageBounds
    /// Where the page behind this one begins; nil behind the last.
    package let next: String?

    /// A text that is no JSON has neither elements nor a page behind it: what reads it as a whole says why.
    ///
    /// - Parameters:
    ///   - list: The field that holds its elements.
    ///   - after: Where it was asked to begin.
    /// - Throws: kind `badResponse` where that field is no list, where the next page is named neither by a text nor a
    ///   number, and where it begins where this one does, or nowhere: to follow it would never end.
    package init(_ slice: JSONSlice, list: String = "results", after: String? = nil) throws(HubSpotError) {
        let (cursor, bounds) =
            slice.withStructure { page in
                (page.field("paging")?.field("next")?.field("after")?.slice, PageBounds(of: page.field(list)))
            } ?? (nil, PageBounds.empty)
        guard let bounds else { throw HubSpotError(.badResponse, "HubSpot's page holds no list of \(list)") }
        next = try cursor?.cursor()
        if let next, next == after {
            throw HubSpotError(.badResponse, "HubSpot's page after '\(next.prefix(80))' names itself as the next one")
        }
        (self.slice, self.bounds) = (slice, bounds)
    }
}
