/// Something that is wrong with a script, and where: lines and columns from 1, columns in characters.
struct Finding: Equatable, Sendable {
    var line: Int
    var column: Int
    var message: String
}

/// The lines of a source.
struct SourceLines {
    private let source: [UInt8]
    /// Where each line begins.
    private let starts: [Int]

    init(_ source: [UInt8]) {
        self.source = source
        starts = [0] + source.indices.filter { source[$0] == 0x0A }.map { $0 + 1 }
    }

    /// The bytes of a line, without its end; nil where there is none of that number.
    func bytes(_ line: Int) -> ArraySlice<UInt8>? {
        guard starts.indices.contains(line - 1) else { return nil }
        let begin = starts[line - 1]
        let end = line < starts.count ? starts[line] - 1 : source.count
        let bytes = source[begin..<max(begin, end)]
        return bytes.last == 0x0D ? bytes.dropLast() : bytes
    }

    /// Line and column of a byte.
    func place(of byte: Int) -> (line: Int, column: Int) {
        var line = starts.count
        while line > 1, starts[line - 1] > byte { line -= 1 }
        let before = source[starts[line - 1]..<min(max(byte, starts[line - 1]), source.count)]
        return (line, String(decoding: before, as: UTF8.self).count + 1)
    }

    /// Where a line begins, in bytes.
    func start(of line: Int) -> Int? { starts.indices.contains(line - 1) ? starts[line - 1] : nil }
}
