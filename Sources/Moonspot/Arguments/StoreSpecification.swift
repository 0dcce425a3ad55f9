/// Where the state of the quota lives (`--store`).
enum StoreSpecification: Sendable, Equatable {
    case memory
    case file
    /// No user or password: those come from the environment.
    case redis(host: String, port: Int, database: Int)

    init(_ text: String) throws(ArgumentProblem) {
        switch text {
        case "memory": self = .memory
        case "file": self = .file
        default:
            guard text.hasPrefix("redis://") else {
                throw ArgumentProblem("the stores are memory, file and redis://host:port/db")
            }
            let rest = text.dropFirst("redis://".count)
            if rest.contains("@") {
                throw ArgumentProblem("a user and password come from MOONSPOT_REDIS_USER and MOONSPOT_REDIS_PASSWORD")
            }
            let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let address = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let port = address.count == 2 ? Int(address[1]) : 6379
            let database = parts.count == 2 && !parts[1].isEmpty ? Int(parts[1]) : 0
            guard !address[0].isEmpty, let port, (1...65_535).contains(port), let database, database >= 0 else {
                throw ArgumentProblem("write it like redis://127.0.0.1:6379/0")
            }
            self = .redis(host: String(address[0]), port: port, database: database)
        }
    }
}
