import Foundation
import Glibc
import Synchronization

/// A process that a test started, with a pipe for each of its standard streams.
///
/// Every descriptor of ours is close-on-exec: a pipe that another test's child held open would never end.
struct Child: Sendable {
    let pid: pid_t
    let input: CInt
    let output: CInt
    let errors: CInt

    /// What a process left when it ended.
    struct Result: Sendable {
        /// The exit status, or 128 and the signal's number, as a shell has it.
        var status: Int32
        var output: String
        var errors: String
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Starts a program.
    /// - Parameter arguments: The program's path first.
    init(_ arguments: [String], environment: [String: String]) throws {
        let input = try Self.pipe()
        let output = try Self.pipe()
        let errors = try Self.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.read, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.write, 2)
        let pid = try Self.spawn(arguments, environment: environment, actions: &actions, flags: 0)
        for descriptor in [input.read, output.write, errors.write] { close(descriptor) }
        self.pid = pid
        self.input = input.write
        self.output = output.read
        self.errors = errors.read
    }

    static func spawn(
        _ arguments: [String], environment: [String: String], actions: inout posix_spawn_file_actions_t, flags: CInt
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test runner may ignore or block signals; a child begins as a shell would start it.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(flags | CInt(POSIX_SPAWN_SETSIGMASK) | CInt(POSIX_SPAWN_SETSIGDEF)))

        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = spawning.withLock { _ in posix_spawn(&pid, arguments[0], &actions, &attributes, &words, &variables) }
        guard code == 0 else { throw Failure("cannot start \(arguments[0]): \(String(cString: strerror(code)))") }
        return pid
    }

    /// Held while a process is started and while descriptors are made close-on-exec, so that none slips between.
    static let spawning = Mutex(())

    private static func pipe() throws -> (read: CInt, write: CInt) {
        try spawning.withLock { _ in
            var ends: [CInt] = [0, 0]
            guard Glibc.pipe(&ends) == 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0,
                fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
            else { throw Failure("pipe: \(String(cString: strerror(errno)))") }
            return (ends[0], ends[1])
        }
    }

    /// Gives the process its input, reads what it prints until it has ended, and reaps it.
    /// - Throws: ``Failure`` where it takes longer than `limit`; it is killed then.
    func finish(input text: String = "", within limit: Duration = .seconds(60)) async throws -> Result {
        try await offThread { try finishOnThread(Array(text.utf8), deadline: .now + limit) }
    }

    private func finishOnThread(_ text: [UInt8], deadline: ContinuousClock.Instant) throws -> Result {
        var unsent = text[...]
        var inputIsOpen = true
        var collected: [CInt: [UInt8]] = [output: [], errors: []]
        var open: Set<CInt> = [output, errors]
        defer {
            if inputIsOpen { close(input) }
            close(output)
            close(errors)
        }
        while !open.isEmpty {
            if inputIsOpen, unsent.isEmpty {
                close(input)
                inputIsOpen = false
            }
            var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if inputIsOpen { polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
            guard wait(for: &polled, until: deadline) else {
                kill(pid, SIGKILL)
                _ = reap()
                throw Failure("still running after its time; it had printed:\n\(printed(collected))")
            }
            for entry in polled where entry.revents != 0 {
                if entry.fd == input {
                    let written = unsent.withUnsafeBytes { send($0) }
                    unsent = written < 0 ? [] : unsent.dropFirst(written)
                } else if let bytes = readSome(entry.fd) {
                    collected[entry.fd, default: []] += bytes
                } else {
                    open.remove(entry.fd)
                }
            }
        }
        return Result(
            status: reap(), output: String(decoding: collected[output] ?? [], as: UTF8.self),
            errors: String(decoding: collected[errors] ?? [], as: UTF8.self))
    }

    private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        Glibc.signal(SIGPIPE, SIG_IGN)
        return write(input, bytes.baseAddress, bytes.count)
    }

    private func printed(_ collected: [CInt: [UInt8]]) -> String {
        [output, errors].map { String(decoding: collected[$0] ?? [], as: UTF8.self) }.joined(separator: "\n")
    }

    /// One line of standard output, without its end.
    func line(within limit: Duration = .seconds(60)) async throws -> String {
        try await offThread {
            let deadline = ContinuousClock.now + limit
            var line: [UInt8] = []
            while true {
                var polled = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
                guard wait(for: &polled, until: deadline) else {
                    throw Failure("no line in time; it had printed: \(line)")
                }
                var byte: UInt8 = 0
                guard read(output, &byte, 1) == 1 else {
                    throw Failure("ended after: \(String(decoding: line, as: UTF8.self))")
                }
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
        }
    }

    func signal(_ number: CInt) { kill(pid, number) }

    /// Waits for a process whose output has ended.
    private func reap() -> Int32 { reapChild(pid) }
}

/// Waits for a child to end and returns its status as a shell has it.
func reapChild(_ pid: pid_t) -> Int32 {
    var status: CInt = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
}

/// What can be read from a descriptor now; nil at its end. A pseudo-terminal ends with an error.
func readSome(_ descriptor: CInt) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? Array(buffer[..<count]) : nil
}

/// Waits until one of the descriptors is ready. False where the deadline passes first.
func wait(for polled: inout [pollfd], until deadline: ContinuousClock.Instant) -> Bool {
    while true {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return false }
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        let count = poll(&polled, nfds_t(polled.count), CInt(clamping: milliseconds + 1))
        if count > 0 { return true }
    }
}

/// Runs what blocks on a thread of its own. Swift's threads and Dispatch's are few: waits that share them hold each other up
/// until their deadlines pass.
func offThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
