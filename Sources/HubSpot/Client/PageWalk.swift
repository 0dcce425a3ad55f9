/// Where a walk over HubSpot's pages stands, and whether it would ever end: what the library's sequences and the program's
/// iterators stand on. It decides, its owner fetches.
///
/// Pages are numbered from 1. The page that was fetched last may be asked for again: the task that fetched it may have been
/// cancelled before it passed the page on.
package struct PageWalk: Sendable {
    /// Where a page begins.
    package enum Place: Sendable, Equatable {
        /// `paging.next.after` of the page before.
        case cursor(String)
        /// The number of elements before it.
        case offset(Int64)
        /// In a search over all hits.
        case hits(SearchCursor)

        /// The key that tells it from others.
        package var mark: String {
            switch self {
            case .cursor(let cursor): cursor
            case .offset(let offset): String(offset)
            case .hits(let cursor): cursor.above ?? "\(cursor.ids.count) hits are left"
            }
        }

        /// The text of a cursor; nil for another place.
        package var cursor: String? { if case .cursor(let cursor) = self { cursor } else { nil } }
        /// An offset; nil for another place.
        package var offset: Int64? { if case .offset(let offset) = self { offset } else { nil } }
        /// The cursor of a search; nil for another place.
        package var hits: SearchCursor? { if case .hits(let cursor) = self { cursor } else { nil } }
    }

    package enum Step: Sendable {
        /// The page that begins there, nil for the first, is to be fetched, and told to ``accept(_:_:next:)``.
        case fetch(Place?)
        /// No page follows.
        case over
    }

    private var number = 1
    private var place: Place?
    private var isFetched = false
    private var following: Place?
    private var watch = PageWatch()
    /// What is wrong with the pages from that number on: to fetch them again would change nothing.
    private var failure: (from: Int, error: HubSpotError)?

    /// - Parameter place: Where the first page begins; nil for HubSpot's own.
    package init(from place: Place? = nil) {
        self.place = place
        if let place { watch.begin(place.mark) }
    }

    /// - Parameter page: The number of the page that was fetched last, or the one behind it.
    /// - Throws: kind `badResponse` where the pages before have shown that the walk would never end.
    package mutating func begin(_ page: Int) throws(HubSpotError) -> Step {
        if let failure, page >= failure.from { throw failure.error }
        guard page > number else { return .fetch(place) }
        guard isFetched, let following else { return .over }
        (number, place, isFetched, self.following) = (page, following, false, nil)
        return .fetch(following)
    }

    /// Takes notice of a page. One that comes late, after a call for it was given up, changes nothing.
    ///
    /// - Parameter next: Where the page behind it begins.
    /// - Throws: kind `badResponse` for a page that was there before. Where a cursor comes again the page itself is good, and
    ///   the next ``begin(_:)`` throws.
    package mutating func accept(_ page: Int, _ answer: AnswerPage, next: Place?) throws(HubSpotError) {
        try accept(page, answer.bounds, next: next)
    }

    mutating func accept(_ page: Int, _ bounds: PageBounds, next: Place?) throws(HubSpotError) {
        guard page == number, !isFetched else { return }
        isFetched = true
        do throws(HubSpotError) { try watch.note(bounds) } catch {
            failure = (page, error)
            throw error
        }
        following = next
        guard let next else { return }
        do throws(HubSpotError) { try watch.note(next: next.mark) } catch { failure = (page + 1, error) }
    }
}
