import Glibc

/// A whole file on its way into the place of another: written beside it and made safe, then renamed, so that no reader sees
/// half of it, and wherever the process ends, one of the two is there whole. A symbolic link stays, and leads to the new
/// file. One writer at a time.
struct FileReplacement {
    private let path: String
    private let temporary: String

    /// Writes the new file beside the old one. What an earlier process has left there goes.
    init(of path: String, with bytes: [UInt8], mode: mode_t) throws(FileProblem) {
        self.path = Self.followed(path)
        temporary = "\(self.path).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last() }
        fchmod(descriptor, mode)
        let isWritten = FileBytes.write(bytes, to: descriptor) && fsync(descriptor) == 0
        let problem = isWritten ? nil : FileProblem.last()
        close(descriptor)
        if let problem {
            unlink(temporary)
            throw problem
        }
    }

    /// Puts the new file in the old one's place.
    func finish() throws(FileProblem) {
        if rename(temporary, path) != 0 {
            let problem = FileProblem.last()
            unlink(temporary)
            throw problem
        }
        // The name is safe once its folder is.
        let folder = open(FileBytes.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Where a path leads that may be a symbolic link.
    private static func followed(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
