import Testing

@testable import HubSpot

@Suite("A number's text") struct NumberTextTests {
    private static let texts: [(Double, String)] = [
        (0, "0"), (-0.0, "0"), (100, "100"), (0.5, "0.5"), (-2.5, "-2.5"), (0x1p53, "9007199254740992"),
        (0x1p53 + 2, "9007199254740994"), (-0x1p63, "-9223372036854775808"), (0x1p63, "9223372036854775808"),
        (0x1p60, "1152921504606846976"), (1e15, "1000000000000000"), (1e16, "10000000000000000"),
        (1e22, "10000000000000000000000"), (1e-5, "0.00001"), (1.5e-7, "0.00000015"), (-1e-7, "-0.0000001"),
        (0.1 + 0.2, "0.30000000000000004"), (123_456_789.125, "123456789.125"),
    ]

    @Test(arguments: Self.texts) func `has all digits and no exponent`(number: Double, text: String) {
        #expect(NumberText.text(number) == text)
    }

    @Test func `reads as the same number`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let number = Double(bitPattern: .random(in: 0...(.max), using: &generator))
            guard number.isFinite else { continue }
            let text = NumberText.text(number)
            #expect(Double(text) == number, "\(number): \(text)")
            #expect(!text.contains { "eE".contains($0) }, "\(text)")
            #expect(abs(number) < 0x1p53 || !text.contains("."), "\(text)")
        }
    }

    @Test(arguments: ["1", "-1.50", "007", "9223372036854775808", "0.1", "1e3", "+5", ".5", "5."])
    func `becomes a number where it can be written back`(text: String) {
        #expect(NumberText.json(text) != nil)
        #expect(NumberText.isNumber(text))
    }

    /// The last two have more digits than a Lua number holds.
    @Test(arguments: ["", " 1", "0x10", "nan", "inf", "1,5", "1e999", "12345678901234567890", "0.12345678901234567890"])
    func `stays a text otherwise`(text: String) {
        #expect(NumberText.json(text) == nil)
    }
}
