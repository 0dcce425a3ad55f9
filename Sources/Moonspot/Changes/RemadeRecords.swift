import Journal

/// The records that earlier undos of a run have made, or may have made, by what they hold: what an undo makes again
/// was not made before.
struct RemadeRecords: Sendable {
    private struct Content: Hashable {
        var undo: Int64
        var type: String?
        var values: [String: String]
    }

    enum Finding {
        case made(id: String)
        /// No answer told whether it was.
        case unknown
    }

    /// The latest last.
    private var writes: [Content: [Write]] = [:]

    /// Notes what an undo has written, and of which it is not known yet which record it was made of.
    mutating func note(_ writes: [Write], of undo: Int64) {
        for write in writes where write.action == .create && write.fate != .failed && write.undoing == nil {
            self.writes[Content(undo: undo, type: write.type, values: write.sentProperties), default: []].append(write)
        }
    }

    /// What an undo has made of a record. Each of what it has made is one record's.
    mutating func claim(_ record: Write.Record, _ values: [String: String], by undo: Int64) -> Finding? {
        let content = Content(undo: undo, type: record.type, values: values)
        guard let alike = writes[content] else { return nil }
        if alike.contains(where: { $0.fate != .done }) { return .unknown }
        return writes[content]?.popLast()?.id.map { .made(id: $0) }
    }
}
