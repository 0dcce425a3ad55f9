import Foundation

/// Reproducible randomness (SplitMix64).
struct FuzzDice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// True one time in so many.
    mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &self)] }
}

/// An answer such as HubSpot gives, with something wrong in most of them.
struct FuzzedAnswer {
    private var dice: FuzzDice

    init(_ dice: FuzzDice) { self.dice = dice }

    private indirect enum Document: Sendable {
        case raw([UInt8])
        case list([Document])
        case object([(name: String, value: Document)])

        init(_ value: Any) {
            switch value {
            case let list as [Any]: self = .list(list.map(Document.init))
            case let members as [String: Any]:
                self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, Document($0.value)) })
            default:
                let text = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
                self = .raw(Array(text ?? Data("null".utf8)))
            }
        }

        func write(to bytes: inout [UInt8]) {
            switch self {
            case .raw(let text): bytes += text
            case .list(let list):
                bytes += "[".utf8
                for (offset, value) in list.enumerated() {
                    if offset > 0 { bytes += ",".utf8 }
                    value.write(to: &bytes)
                }
                bytes += "]".utf8
            case .object(let members):
                bytes += "{".utf8
                for (offset, member) in members.enumerated() {
                    if offset > 0 { bytes += ",".utf8 }
                    bytes += "\"\(member.name)\":".utf8
                    member.value.write(to: &bytes)
                }
                bytes += "}".utf8
            }
        }
    }

    private static let odd: [[UInt8]] =
        [
            "null", "true", "false", "0", "-1", "1.5", "-0", "1e300", "1e999", "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808", "123456789012345678901234567890", "\"\"", "\"x\"", "\"-1\"", "\"1e300\"", "\"nan\"",
            "\"9223372036854775808\"", "\"\\ud800\"", "\"\\u0000\"", "\"Existing ID: \"", "[]", "{}", "[null]", "[[]]",
            "{\"\":{}}", "\"501\"", "501", "\"9999-99-99T99:99:99Z\"", "\"contacts\"", "NaN", "01", "tru", "\"", "",
        ].map { Array($0.utf8) } + [
            Array("\"".utf8) + [0xFF, 0xC0, 0x80] + Array("\"".utf8),
            Array((String(repeating: "[", count: 400) + String(repeating: "]", count: 400)).utf8),
            Array((String(repeating: "{\"a\":", count: 990) + "1" + String(repeating: "}", count: 990)).utf8),
            Array(String(repeating: "[", count: 5_000).utf8),
            Array("\"\(String(repeating: "9", count: 5_000))\"".utf8),
        ]

    private static let documents: [(part: String, document: Document)] = [
        (
            "/account",
            #"{"portalId":20000001,"accountType":"STANDARD","timeZone":"Europe/Berlin","utcOffsetMilliseconds":3600000,"uiDomain":"app.hubspot.com"}"#
        ),
        (
            "/limits",
            #"{"results":[{"name":"private-apps-api-calls-daily","usageLimit":625000,"currentUsage":12,"resetsAt":"2026-11-29T00:00:00Z","fetchStatus":"SUCCESS"}]}"#
        ),
        (
            "/properties",
            #"{"results":[{"name":"email","label":"Email","type":"string","fieldType":"text","options":[],"groupName":"contactinformation"},{"name":"createdate","label":"Created","type":"datetime","fieldType":"date","options":[]},{"name":"x","type":"enumeration","fieldType":"checkbox","options":[{"label":"A","value":"a","displayOrder":0}]}],"name":"email","type":"string"}"#
        ),
        (
            "/labels",
            #"{"results":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null},{"category":"USER_DEFINED","typeId":7,"label":"Boss"}]}"#
        ),
        (
            "/associations",
            #"{"results":[{"toObjectId":900,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null}],"from":{"id":"501"},"to":[{"toObjectId":900,"associationTypes":[]}]}],"paging":{"next":{"after":"900"}},"status":"COMPLETE"}"#
        ),
        (
            "/forms",
            #"{"id":"11111111-1111-4111-8111-111111111111","name":"Contact us","formType":"hubspot","results":[{"id":"11111111-1111-4111-8111-111111111111","name":"Contact us"}],"fieldGroups":[{"fields":[{"objectTypeId":"0-1","name":"email","label":"Email","required":true,"fieldType":"email","validation":{"blockedEmailDomains":["x.org"],"minAllowedDigits":1,"maxAllowedDigits":9},"dependentFields":[{"dependentCondition":{"operator":"set_any","values":["a"]},"dependentField":{"name":"firstname","fieldType":"number","validation":{"minAllowedDigits":1,"maxAllowedDigits":9}}}]}]}],"configuration":{"recaptchaEnabled":false},"legalConsentOptions":{"type":"explicit_consent_to_process","communicationsCheckboxes":[{"required":true,"subscriptionTypeId":7}]}}"#
        ),
        (
            "/submissions",
            #"{"inlineMessage":"Thank you","redirectUri":"https://example.org/","results":[{"submittedAt":1795305600000,"values":[{"name":"email","value":"ada@example.org","objectTypeId":"0-1"}]}],"paging":{"next":{"after":"x"}}}"#
        ),
        (
            "/pipelines",
            #"{"results":[{"id":"default","label":"Sales","displayOrder":0,"stages":[{"id":"new","label":"New","displayOrder":0,"metadata":{"probability":"0.2"}}]}],"id":"default","label":"Sales","stages":[]}"#
        ),
        (
            "/owners",
            #"{"results":[{"id":"1","email":"ada@example.org","userId":7,"teams":[{"id":"1","primary":true}]}],"id":"1","paging":{"next":{"after":"1"}}}"#
        ),
        (
            "/lists",
            #"{"list":{"listId":"1","name":"L","processingType":"MANUAL"},"lists":[{"listId":"1","name":"L"}],"results":[{"recordId":"501","membershipTimestamp":"2026-11-22T00:00:00Z"}],"hasMore":true,"offset":20,"total":100,"paging":{"next":{"after":"NTAx"}},"recordsIdsAdded":["501"],"recordIdsMissing":[]}"#
        ),
        (
            "/schemas",
            #"{"results":[{"id":"7","name":"cars","objectTypeId":"2-7","fullyQualifiedName":"p1_cars","labels":{"singular":"Car","plural":"Cars"},"properties":[],"associations":[]}],"name":"cars"}"#
        ),
        (
            "/files",
            #"{"id":"1","name":"a","path":"/a","size":3,"url":"https://example.org/a","results":[{"id":"1"}],"file":{"id":"1"},"status":"COMPLETE"}"#
        ),
        (
            "",
            #"{"id":"501","total":3,"status":"COMPLETE","properties":{"email":"ada@example.org","createdate":"2026-11-22T00:00:00Z","hs_object_id":"501","x":"a;b","num_conversion_events":"1"},"createdAt":"2026-11-22T00:00:00Z","updatedAt":"2026-11-22T00:00:00Z","archived":false,"associations":{"companies":{"results":[{"id":"900","type":"contact_to_company"}],"paging":{"next":{"after":"9"}}}},"results":[{"id":"501","properties":{"email":"ada@example.org"},"objectWriteTraceId":"0","new":true},{"id":"501","properties":{"email":"b@example.org"},"objectWriteTraceId":"1"}],"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["502"],"objectWriteTraceId":["1"]}}],"numErrors":1,"paging":{"next":{"after":"501","link":"https://x"}}}"#
        ),
        (
            "error",
            #"{"status":"error","message":"Property values were not valid: []","correlationId":"x","category":"VALIDATION_ERROR","policyName":"TEN_SECONDLY_ROLLING","errors":[{"message":"a was not one of the allowed options","context":{"propertyName":["a"],"requiredScopes":["x"]}}],"context":{"expire time":["1970-01-01"],"id":["501"]}}"#
        ),
    ].map { ($0.0, Document((try? JSONSerialization.jsonObject(with: Data($0.1.utf8))) ?? [String: Any]())) }

    private mutating func spoilt(_ document: Document) -> Document {
        if dice.once(in: 40) { return .raw(dice.pick(Self.odd)) }
        switch document {
        case .raw: return dice.once(in: 12) ? .raw(dice.pick(Self.odd)) : document
        case .list(let list):
            if dice.once(in: 20) { return .object([("0", .list(list))]) }
            var spoiltList: [Document] = []
            for value in list where !dice.once(in: 12) {
                spoiltList.append(spoilt(value))
                if dice.once(in: 12) { spoiltList.append(spoiltList[0]) }
            }
            return .list(spoiltList)
        case .object(let members):
            if dice.once(in: 20) { return .list(members.map(\.value)) }
            var spoiltMembers: [(name: String, value: Document)] = []
            for member in members where !dice.once(in: 12) {
                spoiltMembers.append((member.name, spoilt(member.value)))
                if dice.once(in: 20) { spoiltMembers.append((member.name, .raw(dice.pick(Self.odd)))) }
            }
            return .object(spoiltMembers)
        }
    }

    private static let numbers = [
        "0", "1", "-1", "1.5", "1e300", "999999999999999999999", "9223372036854775807", "-9223372036854775808", "nan",
        "inf",
        "", " ", "x", "Sat, 28 Nov 2026 20:00:00 GMT", "Thu, 01 Jan 99999 00:00:00 GMT", "300", "10000", "\u{FF11}",
    ]

    mutating func bytes(for line: Substring) -> (bytes: [UInt8], closes: Bool) {
        if dice.once(in: 60) { return ([], true) }
        let isError = dice.once(in: 4)
        let kind = isError ? "error" : Self.documents.first { line.contains($0.part) }?.part ?? ""
        let document = dice.once(in: 15) ? dice.pick(Self.documents) : Self.documents.first { $0.part == kind }
        var body: [UInt8] = []
        let chosen = document?.document ?? .list([])
        (dice.once(in: 4) ? chosen : spoilt(chosen)).write(to: &body)
        if dice.once(in: 20) { body.removeLast(Int.random(in: 0...body.count, using: &dice)) }
        if dice.once(in: 20), !body.isEmpty {
            body[Int.random(in: 0..<body.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
        }
        if dice.once(in: 30) { body = Array("<html>\(String(repeating: "<div>", count: 50))".utf8) }
        let status =
            isError
            ? dice.pick([
                400, 401, 403, 404, 405, 409, 414, 415, 423, 429, 429, 477, 488, 500, 502, 503, 504, 524, 302, 307, 308,
                600, 999,
            ])
            : dice.pick([200, 200, 200, 200, 201, 202, 204, 207, 299])
        if status == 204 { body = [] }
        var head = "HTTP/1.1 \(status) x\r\n"
        for name in ["Max", "Remaining", "Interval-Milliseconds", "Daily", "Daily-Remaining", "Secondly"]
        where dice.once(in: 3) {
            head += "X-HubSpot-RateLimit-\(name): \(dice.pick(Self.numbers))\r\n"
        }
        if isError || dice.once(in: 20) { head += "Retry-After: \(dice.pick(Self.numbers))\r\n" }
        let types = [
            "application/json", "application/json;charset=utf-8", "text/plain", "text/html", "",
            "application/json; charset=x",
        ]
        head += "Content-Type: \(dice.once(in: 4) ? dice.pick(types) : types[1])\r\n"
        if (300..<400).contains(status) {
            head +=
                "Location: \(dice.pick(["/", "//", "", "http://", "https://evil.example/", "/a b", "\u{FF}", "?x", "http://127.0.0.1"]))\r\n"
        }
        var closes = false
        if dice.once(in: 25) {
            head += dice.pick([
                "Content-Length: 99999999999999999999\r\n", "Content-Length: -1\r\n",
                "Content-Length: \(body.count + 9)\r\n",
                "Content-Length: 4611686018427387904\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: x\r\n",
                "Content-Encoding: gzip\r\nContent-Length: \(body.count)\r\n",
                "Content-Length: 1\r\nContent-Length: 2\r\n", "",
            ])
            closes = true
        } else {
            head += "Content-Length: \(body.count)\r\n"
        }
        return (Array("\(head)\r\n".utf8) + body, closes)
    }
}
