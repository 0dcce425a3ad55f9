import Dispatch
import Glibc

/// Programs that have the terminal for a while: the pager, the editor.
enum Foreground {
    /// The status of a shell whose program does not exist.
    static let notFound: Int32 = 127

    /// Runs a program on this process's terminal to its end.
    ///
    /// - Parameters:
    ///   - environment: Variables beside those of this process.
    ///   - input: What it reads instead of the terminal.
    /// - Returns: Its status as a shell has it; ``notFound`` where it could not be started.
    static func run(
        _ words: [String], environment further: [String: String] = [:], input: [UInt8]? = nil
    ) async -> Int32 {
        await withCheckedContinuation { continuation in
            // A thread of its own: to wait for a program blocks.
            DispatchQueue.global().async {
                continuation.resume(returning: start(words, further, input: input))
            }
        }
    }

    private static func start(_ words: [String], _ further: [String: String], input: [UInt8]?) -> Int32 {
        var ends: [Int32] = [-1, -1]
        // A socket: a pager that is left early must not end this process by SIGPIPE.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        if input != nil, socketpair(AF_UNIX, kind, 0, &ends) != 0 { return notFound }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input != nil { posix_spawn_file_actions_adddup2(&actions, ends[0], 0) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // As a shell starts it: the network library ignores SIGPIPE, and threads of ours may hold signals back.
        var (none, usual) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&usual)
        sigaddset(&usual, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var variables: [UnsafeMutablePointer<CChar>?] = []
        var entry = environ
        while let text = entry.pointee {
            let name = String(cString: text).prefix { $0 != "=" }
            if further[String(name)] == nil { variables.append(strdup(text)) }
            entry += 1
        }
        variables += further.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { variables.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &variables)
        if input != nil { close(ends[0]) }
        guard code == 0 else {
            if input != nil { close(ends[1]) }
            return notFound
        }
        if let input {
            feed(input, to: ends[1])
            close(ends[1])
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private static func feed(_ bytes: [UInt8], to descriptor: Int32) {
        let noSignal: Int32 = 0x4000  // MSG_NOSIGNAL
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, noSignal) }
            if sent < 0 && errno == EINTR { continue }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
