import Foundation
import GRDB
import Glibc

extension DatabaseError {
    /// Another process is in the middle of a transaction, or mends what a killed one left.
    var isBusy: Bool { resultCode == .SQLITE_BUSY || resultCode == .SQLITE_LOCKED }

    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(resultCode) }
}

extension StoreProblem {
    static let elsewhere =
        "name a folder on a local disk that you may write to (MOONSPOT_STATE), or choose --store memory"

    init(_ path: String, errno code: Int32) {
        self.init(store: path, reason: String(cString: strerror(code)).lowercased(), advice: Self.elsewhere)
    }

    /// What SQLite, or reading a record, failed with.
    init(_ error: any Error, path: String) {
        switch error {
        case let problem as StoreProblem: self = problem
        case is RecordDamage, is RowDecodingError:
            self.init(store: path, reason: "the file is damaged", advice: Self.delete(path))
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA:
                self.init(store: path, reason: "the file is damaged", advice: Self.delete(path))
            case .SQLITE_FULL:
                self.init(store: path, reason: "the disk is full", advice: "make room, or " + Self.elsewhere)
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                self.init(
                    store: path, reason: "another process keeps it locked",
                    advice:
                        "end the moonspot that was stopped (Ctrl-Z) in the middle of a decision; this one looks again by itself"
                )
            case .SQLITE_ERROR where error.message?.contains("no such") == true:
                self.init(store: path, reason: "it is not moonspot's file", advice: Self.delete(path))
            default:
                self.init(store: path, reason: error.message ?? "\(error.resultCode)", advice: Self.elsewhere)
            }
        default: self.init(store: path, reason: "\(error)", advice: Self.elsewhere)
        }
    }

    private static func delete(_ path: String) -> String {
        "delete it together with \((path as NSString).lastPathComponent)-wal and -shm: it holds nothing that lasts"
    }
}
