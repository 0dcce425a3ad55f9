import CEdit
import LuaRuntime

/// What moonspot is made of, for `--version` and reports of faults.
enum Versions {
    /// `Lua 5.4.6`, `libedit 3.1`, `Swift 6.2`.
    static let all = [LuaRuntime.luaRelease, "libedit \(String(cString: ce_libedit_version()))", "Swift \(swift)"]

    /// The compiler's, as far as it tells.
    private static var swift: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
