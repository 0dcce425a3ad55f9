import Dispatch
import Synchronization

import Glibc

struct CommandOutput: Sendable {
    var status: Int32
    var output: String
}

/// Runs a program that gives or takes a secret: a `token_command`, `secret-tool`. It stays in this process's group, so that
/// it may ask on the terminal, and Ctrl-C reaches it.
enum SecretCommand {
    /// A person may have to type a passphrase.
    private static let timeout = DispatchTimeInterval.seconds(120)
    private static let maximumBytes = 65_536

    /// `sh -c`. What it says on standard error is for the person; it reads the terminal where there is one, and nothing
    /// else: standard input may be a script.
    static func shell(_ command: String) async throws(FileProblem) -> CommandOutput {
        try await run(["/bin/sh", "-c", command], input: nil)
    }

    /// - Parameters:
    ///   - words: The program, looked up in the PATH, and its arguments. Anyone may read them: no secret stands there.
    ///   - input: What it reads; nil for the terminal, or for nothing without one.
    /// Cancelling the current task ends the program.
    static func run(_ words: [String], input: [UInt8]?) async throws(FileProblem) -> CommandOutput {
        let program = try start(words, readsTerminal: input == nil && isatty(0) == 1)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own: reading a pipe and waiting for a program block.
                DispatchQueue.global().async {
                    let watchdog = DispatchWorkItem { program.end() }
                    DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: watchdog)
                    let result = program.converse(input ?? [], atMost: maximumBytes)
                    watchdog.cancel()
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            program.end()
        }
    }

    private static func start(_ words: [String], readsTerminal: Bool) throws(FileProblem) -> RunningProgram {
        var input: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        // A socket: a program that ends without reading must not end this process by SIGPIPE.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &input) == 0 else { throw .last() }
        guard pipe(&output) == 0 else {
            let problem = FileProblem.last()
            input.forEach { close($0) }
            throw problem
        }
        for end in output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if !readsTerminal { posix_spawn_file_actions_adddup2(&actions, input[0], 0) }
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
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
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, environ)
        close(input[0])
        close(output[1])
        guard code == 0 else {
            close(input[1])
            close(output[0])
            throw FileProblem(description: "\(words[0]): \(String(cString: strerror(code)))")
        }
        return RunningProgram(pid: pid, input: input[1], output: output[0])
    }
}

/// A program that one thread talks to, and others may end.
private final class RunningProgram: Sendable {
    /// `MSG_NOSIGNAL`.
    private let noSignal: Int32 = 0x4000
    private let pid: pid_t
    private let input: Int32
    private let output: Int32
    /// Once it is reaped, its number may be another program's.
    private let isReaped = Mutex(false)

    init(pid: pid_t, input: Int32, output: Int32) {
        self.pid = pid
        self.input = input
        self.output = output
    }

    func end() { isReaped.withLock { if !$0 { kill(pid, SIGTERM) } } }

    /// Gives it its input, reads what it prints, and waits for its end.
    func converse(_ text: [UInt8], atMost maximum: Int) -> CommandOutput {
        // A secret is shorter than the buffer: the program takes it whole, or ends without it.
        var rest = text[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(input, $0.baseAddress, $0.count, noSignal) }
            if sent < 0 && errno == EINTR { continue }
            guard sent > 0 else { break }
            rest = rest.dropFirst(sent)
        }
        close(input)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < maximum {
            let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        close(output)  // A program that still writes is told by a signal.
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        var status: Int32 = 0
        isReaped.withLock { isReaped in
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            isReaped = true
        }
        let signal = status & 0x7f
        return CommandOutput(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: String(decoding: bytes, as: UTF8.self))
    }
}
