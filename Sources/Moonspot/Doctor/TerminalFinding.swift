import Glibc

extension DoctorFinding {
    /// Whether lines can be edited here, and in which letters.
    static func terminal(_ environment: ProcessEnvironment) -> DoctorFinding {
        let kind = environment["TERM"] ?? ""
        guard isatty(0) == 1, isatty(1) == 1 else {
            return DoctorFinding(.note, "terminal", "none: lines are read plainly, without libedit")
        }
        guard !kind.isEmpty, kind != "dumb" else {
            return DoctorFinding(
                .note, "terminal", "TERM is \(kind.isEmpty ? "not set" : kind): lines are read plainly",
                remedy: "set TERM to your terminal's kind, such as xterm-256color, to edit lines")
        }
        // libedit reads the terminal's capabilities from the database of ncurses.
        let folders = ["/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo", environment.home + "/.terminfo"]
        let isKnown = folders.contains { FileBytes.exists("\($0)/\(kind.prefix(1))/\(kind)") }
        guard isKnown || environment["TERMINFO"] != nil || environment["TERMINFO_DIRS"] != nil else {
            return DoctorFinding(
                .note, "terminal", "this machine does not know the kind '\(kind)' that TERM names",
                remedy: "install its description (Debian: ncurses-term), or set TERM to xterm-256color")
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first ?? ""
        let isUTF8 = locale.uppercased().replacing("-", with: "").contains("UTF8")
        guard isUTF8 else {
            return DoctorFinding(
                .note, "terminal",
                "\(kind); the locale is \(locale.isEmpty ? "not set" : locale), and UTF-8 is used all the same",
                remedy: "set LANG to a locale in UTF-8, such as C.UTF-8, where letters beyond ASCII look wrong")
        }
        return DoctorFinding(.fine, "terminal", "\(kind), \(Output.standard.columns ?? 80) columns, \(locale), libedit")
    }
}
