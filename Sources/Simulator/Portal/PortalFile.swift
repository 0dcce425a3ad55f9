import Glibc

/// The file that a portal is kept in.
enum PortalFile {
    /// Whether something is there; an empty file is nothing.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0
    }

    /// Makes the file under another name, and gives it its own when it is whole: a start that is interrupted leaves none.
    static func make(_ path: String, _ write: (String) throws -> Void) throws {
        let making = path + ".making"
        unlink(making)
        do {
            try write(making)
            guard rename(making, path) == 0 else {
                throw SimulatorOptionError("\(path) cannot be made: \(String(cString: strerror(errno)))")
            }
        } catch {
            unlink(making)
            throw error
        }
    }
}
