import LuaRuntime
import Testing

@testable import Moonspot

/// Tables that a script may have changed before they are printed.
@Suite("A number that nobody expects") struct NumberTests {
    private static let numbers: [LuaValue] = [
        .number(.nan), .number(.infinity), .number(-.infinity), .number(1e300), .number(-1e300), .integer(.max),
        .integer(.min),
        "text", .none,
    ]

    private func render(_ table: LuaValue) async throws -> String {
        let renderer = Renderer(format: .text, reader: .person, style: .plain, columns: 80, encode: { _, _ in [] })
        return String(decoding: try await renderer.render([table]), as: UTF8.self)
    }

    @Test(arguments: numbers) func `is printed in a list of calls`(number: LuaValue) async throws {
        let fields: [(String, LuaValue)] = [
            ("call", "f"), ("batch", number), ("size", number), ("position", number), ("why", "w"), ("waited", number),
        ]
        let note = LuaValue.object(fields)
        let calls = LuaValue.table(LuaTable(list: [note, note], metatable: CallNotesText.metatable))
        #expect(try await render(calls).contains("f"))
    }

    @Test(arguments: numbers) func `is printed in a plan`(number: LuaValue) async throws {
        let share = LuaValue.object([("records", number), ("requests", number)])
        let day = LuaValue.object([("limit", number), ("remaining", number), ("share", number), ("fits", true)])
        let fields: [(String, LuaValue)] = [
            ("records", number), ("requests", number), ("seconds", number), ("day", day),
            ("by", .object([("create", share)])),
        ]
        #expect(try await render(.object(fields, metatable: PlanText.metatable)).contains("create"))
    }

    @Test(arguments: numbers) func `is printed in a page`(number: LuaValue) async throws {
        let page = LuaValue.object(
            [("results", .table(LuaTable(isArray: true))), ("total", number)], metatable: Rows.pageMetatable)
        #expect(try await !render(page).isEmpty)
    }
}
