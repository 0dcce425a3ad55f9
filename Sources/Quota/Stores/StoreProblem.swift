/// Why a shared store cannot be used.
package struct StoreProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store: a file's path, a server's address.
    package var store: String
    package var reason: String
    package var remedy: Remedy
    /// The remedy in words.
    package var advice: String

    package init(store: String, reason: String, _ remedy: Remedy) {
        self.store = store
        self.reason = reason
        self.remedy = remedy
        advice = remedy.words
    }

    package var description: String { "\(store): \(reason); \(advice)" }

    /// The remedy. A program that knows how its user does that has words of its own for it.
    package enum Remedy: Sendable, Equatable {
        /// A folder on a local disk that may be written to.
        case otherFolder
        /// Space on the disk, or another folder.
        case room
        /// A newer version of this program.
        case update
        /// The end of a process that was stopped in the middle of a decision.
        case endStoppedProcess
        /// Nothing: the store is looked for again.
        case patience
        /// The file's end; it holds nothing that lasts.
        case deleteFile(name: String)
        /// The end of the keys that begin so.
        case deleteKeys(prefix: String)
        /// A server that runs and can be reached.
        case reachableServer
        /// A server that is nearer.
        case nearerServer
        /// A server in order.
        case mendedServer
        /// The server's user and password.
        case password
        /// More rights for the server's user.
        case rights
    }
}

extension StoreProblem.Remedy: CustomStringConvertible {
    package var description: String { words }

    package var words: String {
        switch self {
        case .otherFolder: "name a folder on a local disk that you may write to"
        case .room: "make room, or name a folder on another disk"
        case .update: "update this one, or give it a folder of its own"
        case .endStoppedProcess:
            "end the process that was stopped (Ctrl-Z) in the middle of a decision; this one looks again by itself"
        case .patience: "this process looks for it again by itself"
        case .deleteFile(let name): "delete it together with \(name)-wal and -shm: it holds nothing that lasts"
        case .deleteKeys(let prefix): "delete the keys that begin with \(prefix), or choose another database"
        case .reachableServer: "check that the server runs and can be reached"
        case .nearerServer: "choose a server that is nearer"
        case .mendedServer: "mend the server"
        case .password: "give the server's password, and the user where the server has users"
        case .rights:
            "allow the user EVAL, EVALSHA, TIME, GET, SET, DEL, PEXPIRE, HGETALL, HSET and HDEL on keys that begin with moonspot:"
        }
    }
}
