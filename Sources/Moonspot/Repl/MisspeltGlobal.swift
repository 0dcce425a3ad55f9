import LuaRuntime
import Words

/// A global that a typed line reads and that does not exist. To Lua it is nil; at the console the name that was probably
/// meant is told beside that.
enum MisspeltGlobal {
    /// The name in an error such as `attempt to call a nil value (global 'pirnt')`.
    static func name(in failure: LuaFailure) -> String? {
        let opening = " a nil value (global '"
        guard failure.cause == .raised, failure.message.hasSuffix("')"),
            let start = failure.message.firstRange(of: opening)
        else { return nil }
        return String(failure.message[start.upperBound...].dropLast(2))
    }

    /// The name in a line that holds nothing else.
    static func name(inLine typed: String) -> String? {
        let line = typed.drop(while: \.isWhitespace)
        let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let isAlone = line.dropFirst(name.count).allSatisfy { $0.isWhitespace || $0 == ";" }
        return name.isEmpty || !isAlone || name == "nil" || name.first?.isNumber == true ? nil : String(name)
    }

    /// The nearest name that there is; nil where the name itself exists, none is near, or it is too short to tell.
    static func nearest(to name: String, among names: [String]) -> String? {
        guard name.count > 2, !names.contains(name) else { return nil }
        return NearestName.nearest(to: name, among: names.lazy.filter { $0.count > 1 && !$0.hasPrefix("_") })
    }
}
