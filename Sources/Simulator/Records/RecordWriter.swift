import JSON
import Wire

/// Writes records as HubSpot shows them.
struct RecordWriter {
    let type: PortalObjectType
    let portalID: Int64
    var selection: PropertySelection

    /// Appends one record; `extra` are further members, each with a leading comma.
    func write(_ record: StoredRecord, to buffer: inout JSONWriter, extra: (inout JSONWriter) -> Void = { _ in }) {
        buffer.raw("{\"id\":\"")
        buffer.integer(record.id)
        buffer.raw("\",\"properties\":")
        switch selection {
        case .all: buffer.raw(record.properties.text)
        case .names(let names): record.properties.appendSelection(names, to: &buffer)
        }
        extra(&buffer)
        buffer.raw(",\"createdAt\":\"")
        buffer.raw(Timestamp.iso(record.created))
        buffer.raw("\",\"updatedAt\":\"")
        buffer.raw(Timestamp.iso(record.updated))
        if let archivedAt = record.archivedAt {
            buffer.raw("\",\"archived\":true,\"archivedAt\":\"")
            buffer.raw(Timestamp.iso(archivedAt))
            buffer.raw("\"")
        } else {
            buffer.raw("\",\"archived\":false")
        }
        buffer.raw(",\"url\":\"https://app.hubspot.com/contacts/")
        buffer.integer(portalID)
        buffer.raw("/record/")
        buffer.raw(type.id)
        buffer.raw("/")
        buffer.integer(record.id)
        buffer.raw("\"}")
    }
}
