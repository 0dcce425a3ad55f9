import GRDB
import JSON
import WebForms

extension WebForm {
    /// The form with this id that is not archived.
    static func stored(_ guid: String, _ db: Database) throws -> WebForm? {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT definition FROM forms WHERE guid = ? AND archived = 0"),
            arguments: [guid.lowercased()])
        guard let text, let definition = JSONValue(parsing: text.utf8), var form = WebForm(definition) else {
            return nil
        }
        form.id = guid.lowercased()
        return form
    }
}
