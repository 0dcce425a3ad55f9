import GRDB
import Glibc

/// Why the journal cannot be kept, or read.
public struct JournalProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Remedy: Sendable, Equatable {
        /// A folder on a local disk that may be written to.
        case otherFolder
        /// Space on the disk, or another folder.
        case room
        /// A newer version of this program.
        case update
        /// The file's end, and with it that of all that it holds.
        case deleteFile
        /// The end of the process that keeps it locked.
        case endOtherProcess
    }

    /// The file's path.
    public var path: String
    public var reason: String
    public var remedy: Remedy

    public var description: String { "\(path): \(reason)" }
}

extension JournalProblem {
    init(_ path: String, errno code: Int32) {
        self.init(
            path: path, reason: String(cString: strerror(code)).lowercased(),
            remedy: code == ENOSPC || code == EDQUOT ? .room : .otherFolder)
    }

    /// A failure of SQLite.
    init(_ error: any Error, path: String) {
        switch error {
        case let problem as JournalProblem: self = problem
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_FULL: self.init(path: path, reason: "the disk is full", remedy: .room)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                self.init(path: path, reason: "the file is damaged", remedy: .deleteFile)
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(path: path, reason: "another process keeps it locked", remedy: .endOtherProcess)
            case .SQLITE_ERROR where error.message?.contains("no such") == true:
                self.init(path: path, reason: "it is not moonspot's file", remedy: .deleteFile)
            default:
                self.init(path: path, reason: error.message ?? "\(error.resultCode)", remedy: .otherFolder)
            }
        default: self.init(path: path, reason: "\(error)", remedy: .otherFolder)
        }
    }
}
