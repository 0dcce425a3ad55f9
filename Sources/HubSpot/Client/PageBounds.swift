import JSON

/// What tells a page from others: its first and last element, and how many there are.
struct PageBounds: Sendable {
    let count: Int
    /// Nil for elements that nothing tells apart.
    let first: String?
    let last: String?
}

extension PageBounds {
    static let empty = PageBounds(count: 0, first: nil, last: nil)

    /// Those of a page whose elements are that list, or that has none.
    /// - Returns: Nil where it is no list.
    init?(of list: JSONNode?) {
        guard let list, !list.slice.isNull else {
            self = .empty
            return
        }
        guard let elements = list.elements else { return nil }
        self.init(
            count: elements.count, first: elements.first?.slice.identity, last: elements.last?.slice.identity)
    }

    init(of records: [Record]) {
        self.init(count: records.count, first: records.first?.id, last: records.last?.id)
    }
}

extension JSONSlice {
    /// The key that tells an element of a page from others: its id by one of HubSpot's names for it, or all that it says.
    fileprivate var identity: String? {
        guard isObject else { return nil }
        for name in ["id", "recordId", "toObjectId", "listId", "conversionId"] {
            if let id = field(name)?.idText { return id }
        }
        return text
    }
}
