import LuaRuntime

/// A value that stands for several: a page, an answer that holds a list, a list, the elements of an iterator.
struct ValueList: Sendable {
    var elements: [LuaValue]
    var source: Source

    enum Source: Sendable {
        case page, iterator, list
        /// `{ results = { … } }`, as most of HubSpot's endpoints answer.
        case answer
        /// The results of a batch; its errors stand beside them.
        case batch
    }

    /// Of an iterator, by the metatable of the table of its elements.
    static let rowsMetatable = "hubspot.rows"
    /// Of the value that ends the loop of an iterator, the fourth of those that a loop takes.
    static let closingMetatable = "hubspot.closing"
    /// What may stand beside the list in an answer.
    private static let aside: Set<String> = ["paging", "total", "hasMore", "offset"]

    /// Nil for a value that is one.
    init?(_ value: LuaValue) {
        guard case .table(let table) = value else { return nil }
        switch table.metatable {
        case Rows.pageMetatable?:
            guard case .table(let results) = table["results"] else { return nil }
            (elements, source) = (results.list, .page)
        case Self.rowsMetatable?:
            (elements, source) = (table["results"].asTable?.list ?? [], .iterator)
        case nil where table.list.isEmpty && !table.isArray:
            if let (results, _) = BatchText.lists(table) {
                (elements, source) = (results, .batch)
                return
            }
            guard let name = ["results", "lists"].first(where: { table[$0] != .none }),
                case .table(let results) = table[name], results.isArray, results.list.allSatisfy({ $0.asTable != nil }),
                table.fields.allSatisfy({ $0.key.asString.map { $0 == name || Self.aside.contains($0) } ?? false })
            else { return nil }
            (elements, source) = (results.list, .answer)
        case nil where table.fields.isEmpty: (elements, source) = (table.list, .list)
        default: return nil
        }
    }

    /// The values of a chunk as they are printed: an iterator is one value, although a loop takes four.
    static func joined(_ values: [LuaValue]) -> [LuaValue] {
        var result: [LuaValue] = []
        var rest = values[...]
        while let value = rest.popFirst() {
            result.append(value)
            guard case .table(let table) = value, table.metatable == rowsMetatable, rest.count >= 3,
                rest.prefix(2).allSatisfy({ $0 == .none }),
                case .table(let closing) = rest[rest.startIndex + 2], closing.metatable == closingMetatable
            else { continue }
            rest = rest.dropFirst(3)
        }
        return result
    }
}
