import Testing

@testable import Moonspot

@Suite("The words of a command line that are kept") struct SecretWordsTests {
    @Test(arguments: [
        (["people.csv", "--limit", "5"], ["people.csv", "--limit", "5"]),
        (["--token", "hunter2", "people.csv"], ["--token", "••••", "people.csv"]),
        (["--api-key=hunter2"], ["--api-key=••••"]),
        (["password=hunter2", "x"], ["password=••••", "x"]),
        (["--password", "--verbose"], ["--password", "--verbose"]),
        (["pat-na1-11111111-2222-3333-4444-555555555555"], ["pat-na1-••••"]),
        ([], []),
    ])
    func `hold no secret`(words: [String], kept: [String]) {
        #expect(SecretWords.blanked(words) == kept)
    }
}
