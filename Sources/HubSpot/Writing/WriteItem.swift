package import JSON

/// An item of a loop with a checkpoint, as the writes that are made for it know it: it knows them again when it runs
/// another time.
package protocol WriteItem: Sendable {
    /// What becomes of a write that may have been carried out before, where no look-up can tell.
    var onUnknown: UnknownWrites { get }

    /// What the item is called in errors: `item '17' of checkpoint 'import'`.
    var title: String { get }

    /// The item makes a write. Of one record at a time, in the order in which they are called.
    /// - Returns: Nil where it belongs to the item no more: that is done.
    /// - Throws: kind `checkpoint_mismatch`.
    func step(_ intent: WriteIntent) throws(HubSpotError) -> WriteStep?
}

/// The item that the current Swift task's writes belong to.
package enum WriteItems {
    @TaskLocal package static var current: (any WriteItem)?
}

/// What becomes of a write of unknown fate that an item makes again.
package enum UnknownWrites: String, Sendable, CaseIterable {
    /// It fails with kind `fate_unknown`.
    case raise
    /// It is sent, though it may be the second time.
    case send
    /// It is not sent, and taken for done.
    case skip
}

/// A write's place in an item, by which the journal keeps it: the journal's own, handed back to it with the write.
package protocol WritePlace: Sendable {}

/// A write that an item makes.
package struct WriteStep: Sendable {
    package var place: any WritePlace
    /// What is known of it from the time before; nil where it was not sent then, or was refused.
    package var earlier: EarlierWrite?

    package init(_ place: any WritePlace, earlier: EarlierWrite? = nil) {
        self.place = place
        self.earlier = earlier
    }
}

/// A write that was sent when the item ran before.
package struct EarlierWrite: Sendable {
    /// Else its fate is unknown.
    package var isDone: Bool
    /// When it was sent, by this machine's clock, in milliseconds since 1970.
    package var at: Int64
    /// The record's id, as far as it is known.
    package var id: String?
    /// Of an upsert, whether it made the record.
    package var isNew: Bool
    /// HubSpot's, as it was kept.
    package var answer: JSONSlice?
    /// Tells the journal what a look-up has found.
    package var note: @Sendable (WriteFate) -> Void

    package init(
        isDone: Bool, at: Int64, id: String?, isNew: Bool, answer: JSONSlice?,
        note: @escaping @Sendable (WriteFate) -> Void
    ) {
        self.isDone = isDone
        self.at = at
        self.id = id
        self.isNew = isNew
        self.answer = answer
        self.note = note
    }
}
