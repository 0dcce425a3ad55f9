import Glibc
import Wire

extension PlanFile {
    /// Writes the file whole or not at all, for its owner alone: it holds people's data.
    /// - Throws: kind `invalidArgument`, with the system's words.
    package func save(to path: String) throws(HubSpotError) {
        let temporary = "\(path).\(getpid()).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.problem(path) }
        let isWritten = Self.write(bytes[...], to: file) && fsync(file) == 0
        let failure = isWritten ? nil : Self.problem(path)
        close(file)
        if let failure {
            unlink(temporary)
            throw failure
        }
        guard rename(temporary, path) == 0 else {
            let failure = Self.problem(path)
            unlink(temporary)
            throw failure
        }
    }

    /// Makes sure that a file can be written there, before anything is done for it.
    /// - Throws: kind `invalidArgument`, with the system's words.
    package static func checkPlace(_ path: String) throws(HubSpotError) {
        var place = stat()
        if stat(path, &place) == 0, place.st_mode & S_IFMT == S_IFDIR {
            errno = EISDIR
            throw problem(path)
        }
        let temporary = "\(path).\(getpid()).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw problem(path) }
        close(file)
        unlink(temporary)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to file: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func problem(_ path: String) -> HubSpotError {
        .invalidArgument("the plan cannot be written to \(path): \(String(cString: strerror(errno)).lowercased())")
    }
}

extension Session {
    /// A plan of this session's account, made now.
    /// - Parameter script: The script that was planned.
    package func file(of draft: PlanDraft, script: String?) async throws(HubSpotError) -> PlanFile {
        let made = Timestamp.iso(Int64(configuration.clock.unixTime / .milliseconds(1)))
        return PlanFile(portal: try await portalID(), script: script, made: made, draft.writes)
    }
}
