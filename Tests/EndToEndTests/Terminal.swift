import Foundation
import Glibc

/// The program in a pseudo-terminal of its own, as a person would use it.
final class Terminal {
    let pid: pid_t
    private let controller: CInt
    /// Everything that the program has sent so far.
    private var received: [UInt8] = []
    /// How many characters of ``plain`` have been matched.
    private var seen = 0
    private var ended = false
    private var linesRun = 0

    /// Starts the program as the leader of a session whose terminal it is, so that Ctrl-C reaches it.
    init(_ home: Home, _ arguments: [String], environment: [String: String] = [:], columns: UInt16 = 100) throws {
        // What posix_openpt, unlockpt and ptsname do; Glibc's module does not offer them to Swift.
        let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (lock, number): (CInt, CInt) = (0, 0)
        let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
        guard controller >= 0, ioctl(controller, unlock, &lock) == 0, ioctl(controller, getNumber, &number) == 0 else {
            throw Child.Failure("no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        let name = "/dev/pts/\(number)"
        var size = winsize(ws_row: 30, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Opened by the leader of a new session, the terminal becomes the session's own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        pid = try Child.spawn(
            [Home.binary] + arguments, environment: home.environment(environment), actions: &actions,
            flags: 0x80)  // POSIX_SPAWN_SETSID
        self.controller = controller
    }

    deinit {
        close(controller)
        if !ended {
            kill(pid, SIGKILL)
            _ = reapChild(pid)
        }
    }

    /// Types text as it stands; Enter is `\r`.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Types a line and Enter.
    func enter(_ line: String) { type(line + "\r") }

    /// Types a line at the console's prompt and waits until it has run and keys are read again. A prompt by itself tells
    /// neither: it is drawn anew where a long line is typed.
    func runLine(_ line: String) async throws {
        linesRun += 1
        enter(line)
        enter("'do' .. 'ne\(linesRun)'")
        try await expect("done\(linesRun)\n")
        guard try await echo(is: false) else { throw Child.Failure("the console never read keys again:\n\(plain)") }
    }

    /// Reads until `text` appears after what was matched before. Escape sequences are left out of the comparison.
    /// - Returns: What came before it.
    @discardableResult
    func expect(_ text: String, within limit: Duration = .seconds(30)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            let unseen = plain.dropFirst(seen)
            if let found = unseen.range(of: text) {
                seen += unseen.distance(from: unseen.startIndex, to: found.upperBound)
                return String(unseen[..<found.lowerBound])
            }
            guard try await readMore(until: deadline) else {
                throw Child.Failure("\(text.debugDescription) did not come; the terminal shows:\n\(plain)")
            }
        }
    }

    /// Waits until the program has the terminal make signals of keys such as Ctrl-C, or take them as characters.
    func waits(signalsByKeys: Bool, within limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        var settings = termios()
        while tcgetattr(controller, &settings) == 0, ContinuousClock.now < deadline {
            if (settings.c_lflag & tcflag_t(ISIG) != 0) == signalsByKeys { return }
            await Task.yield()
        }
        throw Child.Failure("keys never \(signalsByKeys ? "made signals" : "were plain characters")")
    }

    /// Waits until what is typed is shown by the terminal, or is not. False where it does not come to that.
    func echo(is expected: Bool, within limit: Duration = .seconds(30)) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        var settings = termios()
        while tcgetattr(controller, &settings) == 0, ContinuousClock.now < deadline {
            if (settings.c_lflag & tcflag_t(ECHO) != 0) == expected { return true }
            await Task.yield()
        }
        return false
    }

    /// Waits for the program to end. Returns its status as a shell has it.
    func end(within limit: Duration = .seconds(30)) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while try await readMore(until: deadline) {}
        guard ContinuousClock.now < deadline else {
            throw Child.Failure("still running; the terminal shows:\n\(plain)")
        }
        ended = true
        let pid = pid
        return try await offThread { reapChild(pid) }
    }

    /// False at the end of the program's output and at the deadline.
    private func readMore(until deadline: ContinuousClock.Instant) async throws -> Bool {
        let controller = controller
        let bytes: [UInt8]? = try await offThread {
            var polled = [pollfd(fd: controller, events: Int16(POLLIN), revents: 0)]
            guard wait(for: &polled, until: deadline) else { return nil }
            return readSome(controller)
        }
        guard let bytes else { return false }
        received += bytes
        return true
    }

    /// Everything that was sent, as text.
    var transcript: String { String(decoding: received, as: UTF8.self) }

    /// The transcript without escape sequences and carriage returns.
    var plain: String {
        var text = ""
        var rest = transcript.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1b}" else {
                if scalar != "\r" { text.unicodeScalars.append(scalar) }
                continue
            }
            guard let kind = rest.popFirst() else { break }
            if kind == "[" {
                while let next = rest.popFirst(), !("@"..."~").contains(next) {}
            } else if kind == "]" {
                while let next = rest.popFirst(), next != "\u{07}" {}
            }
        }
        return text
    }
}
