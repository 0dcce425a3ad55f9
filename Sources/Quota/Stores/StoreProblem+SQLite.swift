import Foundation
import GRDB
import Glibc

extension DatabaseError {
    /// Another process is in the middle of a transaction, or mends the leavings of a killed one.
    var isBusy: Bool { resultCode == .SQLITE_BUSY || resultCode == .SQLITE_LOCKED }

    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(resultCode) }
}

extension StoreProblem {
    init(_ path: String, errno code: Int32) {
        self.init(store: path, reason: String(cString: strerror(code)).lowercased(), .otherFolder)
    }

    /// A failure of SQLite, or of reading a record.
    init(_ error: any Error, path: String) {
        let name = (path as NSString).lastPathComponent
        switch error {
        case let problem as StoreProblem: self = problem
        case is RecordDamage, is RowDecodingError:
            self.init(store: path, reason: "the file is damaged", .deleteFile(name: name))
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA:
                self.init(store: path, reason: "the file is damaged", .deleteFile(name: name))
            case .SQLITE_FULL:
                self.init(store: path, reason: "the disk is full", .room)
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(
                    store: path, reason: "another process keeps it locked",
                    .endStoppedProcess
                )
            case .SQLITE_ERROR where error.message?.contains("no such") == true:
                self.init(store: path, reason: "it is not moonspot's file", .deleteFile(name: name))
            default:
                self.init(store: path, reason: error.message ?? "\(error.resultCode)", .otherFolder)
            }
        default: self.init(store: path, reason: "\(error)", .otherFolder)
        }
    }
}
