import CEdit
import Glibc

/// The two streams of the process. Results go to standard output, everything else to standard error.
enum Output: Int32, Sendable {
    case standard = 1
    case error = 2

    /// - Returns: False where it could not be written: a full disk, a closed pipe that did not end the process.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { ce_put(rawValue, $0.bindMemory(to: CChar.self).baseAddress, $0.count) }
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    func line(_ text: String) { write(text + "\n") }

    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Cells of a line, where it is a terminal.
    var columns: Int? { isTerminal ? Int(ce_columns(rawValue)) : nil }

    /// Rows and cells of the screen, where it is a terminal that tells them.
    var size: (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Colours only where a person sees them and has not declined.
    func style(noColor: Bool) -> Style {
        Style(isColored: isTerminal && !noColor && getenv("TERM").map { String(cString: $0) } != "dumb")
    }

    /// A line of moonspot's own on standard error. What looks like a secret in it is not repeated.
    static func complain(_ message: String) {
        Output.error.line("moonspot: \(MessageRedaction.redacted(message))")
    }
}
