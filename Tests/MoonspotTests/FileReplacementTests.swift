import Foundation
import Testing

@testable import Moonspot

@Suite("A file in place of another") struct FileReplacementTests {
    @Test func `leaves the old one whole until it is whole itself, also where the process ends in between`() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "a")
        let path = "\(folder.path)/a"
        // A process that ends here leaves this.
        _ = try FileReplacement(of: path, with: Array("new".utf8), mode: 0o600)
        #expect(folder.read("a") == "old" && folder.read("a.new") == "new")
        #expect(folder.mode(of: "a.new") == 0o600)
        // The next one takes its own content, and nothing of that.
        let next = try FileReplacement(of: path, with: Array("n".utf8), mode: 0o600)
        #expect(folder.read("a") == "old")
        try next.finish()
        #expect(folder.read("a") == "n" && folder.read("a.new") == nil)
    }

    @Test func `stays where a symbolic link leads`() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "a")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/a")
        try FileBytes.replace("\(folder.path)/link", with: Array("new".utf8), mode: 0o600)
        #expect(folder.read("a") == "new" && folder.read("link") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/link") == "\(folder.path)/a")
    }

    @Test func `leaves nothing behind where it has no place`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/a/b", withIntermediateDirectories: true)
        #expect(throws: FileProblem.self) {
            try FileBytes.replace("\(folder.path)/a", with: Array("new".utf8), mode: 0o600)
        }
        #expect(folder.read("a.new") == nil)
    }
}
