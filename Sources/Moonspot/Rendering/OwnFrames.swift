/// A traceback's frames that are the script's own: neither functions of moonspot's nor what runs the script.
struct OwnFrames: Equatable {
    /// As Lua prints them, without the tab: `a.lua:3: in function 'f'`.
    private(set) var frames: [String]
    /// `stack traceback:`.
    private let head: String

    /// - Parameter isOurs: Whether the error was raised by a function of moonspot's: it stands at the top.
    init(_ traceback: String, isOurs: Bool = false) {
        var lines = traceback.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
        head = lines.isEmpty ? "" : String(lines.removeFirst())
        if lines.last == "[C]: in ?" { lines.removeLast() }
        if lines.contains(where: Self.isOurs) {
            // What calls the script's own code, and what raises for it.
            while let last = lines.last,
                Self.isOurs(last) || last == "[C]: in function 'xpcall'" || last.hasPrefix("(...")
            {
                lines.removeLast()
            }
            if lines.count > 1, lines[0] == "[C]: in function 'error'", Self.isOurs(lines[1]) { lines.removeFirst() }
        }
        if isOurs { lines = Array(lines.drop { $0.hasPrefix("[C]") || Self.isOurs($0) }) }
        frames = lines.filter { !Self.isOurs($0) }.map(String.init)
    }

    /// Whether a frame lies in a Lua half of a module, in a module that came with moonspot, or in the Lua of a command.
    private static func isOurs(_ frame: Substring) -> Bool {
        frame.hasPrefix("moonspot:") || frame.hasPrefix("stdlib/") || frame.hasPrefix(":")
    }

    /// As Lua prints a traceback; empty where there are none.
    var text: String {
        frames.allSatisfy { $0.hasPrefix("[C]") } ? "" : head + "\n" + frames.map { "\t\($0)" }.joined(separator: "\n")
    }

    /// The place of the first frame that is a line of Lua.
    var place: ScriptPlace? { frames.lazy.compactMap { ScriptPlace($0[...]) }.first }
}

/// `NAME:LINE:` at the beginning of a message or a frame.
struct ScriptPlace: Equatable {
    /// As Lua shortens it: `a.lua`, `...very/long/path/a.lua`, `(command line)`.
    var name: String
    var line: Int

    init(name: String, line: Int) {
        self.name = name
        self.line = line
    }

    init?(_ text: Substring) {
        let firstLine = text.prefix { $0 != "\n" }
        var colon = firstLine.startIndex
        while let found = firstLine[colon...].firstIndex(of: ":") {
            let digits = firstLine[firstLine.index(after: found)...].prefix { $0.isASCII && $0.isNumber }
            if let line = Int(digits), digits.endIndex < firstLine.endIndex, firstLine[digits.endIndex] == ":",
                found > firstLine.startIndex
            {
                self.init(name: String(firstLine[..<found]), line: line)
                return
            }
            colon = firstLine.index(after: found)
        }
        return nil
    }

    /// Whether a chunk's name (`@file`, `=name`) is what Lua shortens so.
    func names(_ chunk: String) -> Bool {
        let plain = chunk.first == "@" || chunk.first == "=" ? String(chunk.dropFirst()) : chunk
        return name.hasPrefix("...") ? plain.hasSuffix(name.dropFirst(3)) : plain == name
    }
}
