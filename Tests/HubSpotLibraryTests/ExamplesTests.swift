import Foundation
import HubSpot
import HubSpotExamples
import Simulator
import Testing

/// The library as a stranger has it: without `@testable`, and without what the package keeps to itself.
@Suite("The examples of HubSpot's article") struct ExamplesTests {
    private static let form = "11111111-1111-4111-8111-111111111111"

    @Test func `look a contact up, or create it`() async throws {
        try await Portal.with { session in
            let first = try await greet("ada@example.com", session)
            #expect(first.hasPrefix("Hello, Ada! You are contact "))
            #expect(try await greet("ada@example.com", session) == first)
        }
    }

    @Test func `walk over what a search finds, and change it`() async throws {
        try await Portal.with { session in
            for name in ["a", "b", "c"] {
                _ = try await session.contacts.create(["email": "\(name)@engines.example", "lifecyclestage": "lead"])
            }
            _ = try await session.contacts.create(["email": "d@other.example", "lifecyclestage": "lead"])
            #expect(try await promote(domain: "engines.example", session) == 3)
            #expect(try await promote(domain: "engines.example", session) == 0)
            let options = ReadOptions(properties: ["lifecyclestage"])
            let changed = try await session.contacts.get(.email("a@engines.example"), options)
            #expect(changed["lifecyclestage"] == "customer")
            #expect(try await session.contacts.get(.email("d@other.example"), options)["lifecyclestage"] == "lead")
        }
    }

    @Test func `submit a form, and say what is wrong with it`() async throws {
        try await Portal.with { session in
            let thanks = try await contactUs(Self.form, from: "ada@example.com", session)
            #expect(thanks.contains("Thanks for getting in touch."))
            #expect(try await contactUs(Self.form, from: "ada@", session).contains("email"))
        }
    }

    @Test(arguments: ["LookUp", "Walk", "Submit"]) func `stand in the article word for word`(name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appending(path: path), encoding: .utf8)
        }
        let source = try text("Tests/ExamplePackage/Sources/HubSpotExamples/\(name).swift")
        let example = try #require(source.split(separator: "import HubSpot\n\n", maxSplits: 1).last)
        #expect(try text("Sources/HubSpot/HubSpot.docc/GettingStarted.md").contains("```swift\n\(example)```"))
    }
}
