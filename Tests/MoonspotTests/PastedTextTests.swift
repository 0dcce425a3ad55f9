import LuaRuntime
import Testing

@testable import Moonspot

@Suite("Pasted lines") struct PastedTextTests {
    private func pasted(_ text: String) async throws -> PastedText? {
        let runtime = try LuaRuntime(LuaRuntime.Options())
        let pasted = await PastedText(text) { text in
            switch await runtime.completeness(of: text) {
            case .complete: .complete
            case .incomplete: .incomplete
            case .invalid: .invalid
            }
        }
        await runtime.close()
        return pasted
    }

    @Test func `are statements, expressions in between and commands`() async throws {
        let text = """
            ada = { email = "ada@example.org" }
            ada.email

            for i = 1, 2 do
              print(i)
            end
            :limits
            ?csv
            f(1)
              :next()
            """
        // A method's name stands for a command where it is one alone.
        #expect(try await pasted("f(1)\n:next(2)") == nil)
        let lines = try #require(try await pasted(text.replacing("  :next()", with: "g(2)")))
        #expect(
            lines.pieces == [
                .lua(#"ada = { email = "ada@example.org" }"#), .lua("ada.email"),
                .lua("for i = 1, 2 do\n  print(i)\nend"), .command(":limits"), .command("?csv"), .lua("f(1)"),
                .lua("g(2)"),
            ])
        #expect(lines.rest == "")
    }

    @Test func `leave what wants more to be typed on`() async throws {
        let pasted = try #require(try await pasted("x = 1\nx\nfor i = 1, 2 do"))
        #expect(pasted.pieces == [.lua("x = 1"), .lua("x")])
        #expect(pasted.rest == "for i = 1, 2 do")
    }

    @Test func `run none of them where one cannot be read`() async throws {
        #expect(try await pasted("x = 1\nx\nend\ny = 2") == nil)
    }

    @Test(arguments: [("print(1)\n:limits", true), ("object\n:method()", false), ("a\n?b", true), ("a\n::b::", false)])
    func `hold commands or not`(text: String, holds: Bool) {
        #expect(PastedText.holdsCommands(text) == holds)
    }
}
