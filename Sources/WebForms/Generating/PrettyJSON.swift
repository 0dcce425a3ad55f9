package import JSON

/// JSON as people read it: short values on one line, and nothing that a terminal would carry out.
package enum PrettyJSON {
    package static func text(_ document: JSONSlice) -> String {
        SourceText.json.value(.raw(document))
    }
}
