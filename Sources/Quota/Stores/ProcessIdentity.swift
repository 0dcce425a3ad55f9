import Foundation

import Glibc

/// A process, told from any other that has had its number: by the machine's boot, the container that counts the
/// numbers, and the moment of its start.
struct ProcessIdentity: Sendable, Codable, Equatable {
    /// Boot and process namespace. Of another one's processes nothing can be said.
    var space: String
    var pid: Int32
    /// In clock ticks since the boot.
    var start: UInt64

    /// This process; nil where the system does not tell (no `/proc`).
    static let current: ProcessIdentity? = {
        guard let space = currentSpace, let status = Status(getpid()) else { return nil }
        return ProcessIdentity(space: space, pid: getpid(), start: status.start)
    }()

    private static let currentSpace: String? = {
        guard let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid") else {
            return nil
        }
        return BootClock.system.boot + " " + namespace
    }()

    /// True where it is certain that it runs no more; false where it runs, or where that cannot be seen from here.
    var hasEnded: Bool {
        guard space == Self.currentSpace else { return false }
        guard let status = Status(pid) else { return true }
        return status.start != start || status.isZombie
    }

    /// The fields of `/proc/PID/stat`.
    private struct Status {
        var start: UInt64
        var isZombie: Bool

        /// Nil where there is no such process.
        init?(_ pid: Int32) {
            guard let text = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
            // The name, in brackets, may hold anything; after it come the state and 18 numbers before the start.
            guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
            let fields = text[text.index(after: end)...].split(separator: UInt8(ascii: " "))
            guard fields.count > 19, let start = UInt64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
            self.start = start
            isZombie = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
        }
    }
}
