package import JSON

/// What tells a page from others: its first and last element, and how many there are.
package struct PageBounds: Sendable {
    let count: Int
    /// Nil for elements that nothing tells apart.
    let first: String?
    let last: String?
}

extension PageBounds {
    /// Those of a page as HubSpot sent it.
    ///
    /// - Parameter list: The field that holds the elements.
    /// - Throws: kind `badResponse` where that is no list.
    package init(of page: JSONSlice, list: String) throws(HubSpotError) {
        guard let field = page.field(list), !field.isNull else {
            self.init(count: 0, first: nil, last: nil)
            return
        }
        guard let elements = field.elements() else {
            throw HubSpotError(.badResponse, "HubSpot's page holds no list of \(list)")
        }
        self.init(count: elements.count, first: elements.first?.identity, last: elements.last?.identity)
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
