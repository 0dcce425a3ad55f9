import Testing

@testable import Moonspot

@Suite("An age") struct AgeTests {
    @Test(arguments: [
        ("90m", Duration.seconds(5_400)), ("12h", .seconds(43_200)), ("30d", .seconds(2_592_000)),
        ("2w", .seconds(1_209_600)),
    ])
    func `is read with its unit`(text: String, age: Duration) throws { #expect(try Quantities.age(text) == age) }

    @Test(arguments: ["", "d", "5", "5y", "soon", "-1d"]) func `is refused without one`(text: String) {
        #expect(throws: ArgumentProblem.self) { try Quantities.age(text) }
    }
}
