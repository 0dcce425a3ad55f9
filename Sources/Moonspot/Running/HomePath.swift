/// Paths that begin with the person's own folder.
enum HomePath {
    /// With `~` as a shell has it.
    static func expanded(_ path: String, home: String) -> String {
        path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
    }
}
