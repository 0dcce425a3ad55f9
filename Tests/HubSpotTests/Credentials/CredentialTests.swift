import Testing

@testable import HubSpot

@Suite("An access token") struct AccessTokenTests {
    private static let secret = "pat-na1-11111111-2222-4333-8444-555555555555"

    @Test(arguments: [secret, "  \(secret)\n", "Bearer \(secret)", "bearer   \(secret) ", "\tBEARER \(secret)\r\n"])
    func `is taken as a person pastes it`(text: String) throws {
        #expect(try AccessToken(text).prefixed(by: "Bearer ") == "Bearer \(Self.secret)")
    }

    @Test(arguments: [
        "\"\(secret)\"", "'\(secret)'", " \"\(secret)\"\n", "\" \(secret) \"", "Bearer \"\(secret)\"",
        "\"Bearer \(secret)\"",
        "\u{201C}\(secret)\u{201D}", "`\(secret)`",
    ])
    func `is taken out of its quotes, with a hint that does not quote it`(text: String) throws {
        let token = try AccessToken(text)
        #expect(token.prefixed(by: "Bearer ") == "Bearer \(Self.secret)")
        #expect(token.hint?.contains("the quotes around it") == true && token.hint?.contains("1111") == false)
        #expect(try AccessToken(Self.secret) == token)
        #expect(try AccessToken("  \(Self.secret)\n").hint == nil)
    }

    @Test(arguments: ["\"\(secret)", "\(secret)'", "\u{201C}\(secret)", "'\(secret)\"", "\"\"", "' '", "pat-\"na1"])
    func `is refused with a quote that is not one of a pair around it`(text: String) {
        let error = #expect(throws: HubSpotError.self) { try AccessToken(text) }
        #expect(error?.kind == .unauthenticated && error?.message.contains("1111") == false)
        #expect(error?.message.contains("quote") == true || error?.message.contains("empty") == true)
    }

    @Test(arguments: [
        "", " \n", "Bearer", "Bearer ", "a b", "a\nb", "a\r\nX: y", "a\u{0}b", "pät", "a\u{200B}b", "a\u{7F}",
    ])
    func `is refused with a reason, which does not quote it`(text: String) {
        let error = #expect(throws: HubSpotError.self) { try AccessToken(text) }
        #expect(error?.kind == .unauthenticated)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func `never prints`() throws {
        let token = try AccessToken(Self.secret)
        struct Holder {
            let token: AccessToken
            let list: [AccessToken?]
        }
        var dumped = ""
        dump(Holder(token: token, list: [token]), to: &dumped)
        let all = [
            "\(token)", String(reflecting: token), String(describing: Holder(token: token, list: [token])), dumped,
            "\([token])", "\(["a": token])", token.debugDescription,
        ]
        for text in all {
            #expect(!text.contains("11111111"))
            #expect(!text.contains("555555555555"))
        }
        #expect("\(token)" == "pat-na1-••••")
        #expect("\(try AccessToken("pat-eu1-x"))" == "pat-eu1-••••")
        #expect("\(try AccessToken("something-else"))" == "••••")
    }

    @Test(arguments: [
        "CANARY/s3+t==", #"CANARY\/s3+t=="#, #"\u0043ANARY/s3\u002bt=="#, "CANARY%2Fs3%2Bt%3D%3D", "CANARY%2fs3+t%3d=",
        #"C\u0041NARY\/s3\u002Bt\u003d="#,
    ]) func `is taken out of a text however that spells it`(spelling: String) throws {
        let token = try AccessToken("CANARY/s3+t==")
        let text = "CANARY \(spelling) and C\(spelling)!"
        #expect(String(decoding: token.blanked(in: Array(text.utf8)), as: UTF8.self) == "CANARY •••• and C••••!")
        #expect(token.blanked(in: Array("CANARY/s3+t= %2 \\u00".utf8)) == Array("CANARY/s3+t= %2 \\u00".utf8))
        #expect(token.blanked(in: []) == [])
    }
}
