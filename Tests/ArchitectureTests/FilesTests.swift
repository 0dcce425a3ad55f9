import Foundation
import Testing

@Suite("The source files") struct FilesTests {
    /// The files of ours that people read and write, by their paths in the project, and how many lines each has.
    private let lines: [String: Int]

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let endings: Set = ["swift", "c", "h", "cpp", "hpp", "lua", "sh", "js", "css", "html", "sql"]
        var lines: [String: Int] = [:]
        for folder in ["Sources", "Tests", "scripts", "stdlib"] {
            let files = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                let isGenerated = file.path.contains("/meta/")
                guard endings.contains(file.pathExtension), !isGenerated else { continue }
                let path = String(file.path.dropFirst(root.path.count + 1))
                lines[path] = try Data(contentsOf: file).count { $0 == UInt8(ascii: "\n") }
            }
        }
        self.lines = lines
    }

    @Test func `hold one idea each, and so at most 400 lines`() {
        let long = lines.filter { $0.value > 400 }
        #expect(long.isEmpty)
        #expect(lines.count > 400, "the walk found the sources")
    }

    @Test func `are short as a rule: half of those in Sources have less than 100 lines`() {
        let lengths = lines.filter { $0.key.hasPrefix("Sources/") }.values.sorted()
        #expect(lengths[lengths.count / 2] < 100)
    }
}
