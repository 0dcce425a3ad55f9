import Foundation
import LuaRuntime
import Testing

@testable import Moonspot

@Suite("The Lua modules in the binary") struct LibraryTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "stdlib")

    @Test func `are those of the folder`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".lua")
        }
        #expect(!files.isEmpty)
        #expect(Set(files.map { String($0.dropLast(4)) }) == Set(Library.embedded.keys))
        for file in files {
            let chunk = Library(folder: nil).chunk(String(file.dropLast(4)))
            #expect(chunk?.source == [UInt8](try Data(contentsOf: Self.folder.appending(path: file))))
            #expect(chunk?.name == "@stdlib/\(file)")
        }
    }

    @Test func `give way to a folder that is named`() throws {
        let folder = try TemporaryFolder()
        try folder.write("return 7", to: "mine.lua")
        let library = Library(folder: folder.path)
        #expect(library.chunk("mine")?.source == Array("return 7".utf8))
        #expect(library.chunk("csv") == nil)
    }

    @Test(arguments: ["", "..", "../csv", "a/b", "nothing", ".csv"])
    func `are found by name only`(name: String) {
        #expect(Library(folder: nil).chunk(name) == nil)
        #expect(Library(folder: "/etc").chunk(name) == nil)
    }
}
