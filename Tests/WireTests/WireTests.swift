import Testing
import Wire

@Suite("Percent-encoding") struct PercentEncodingTests {
    @Test(arguments: [("a/b c@d", "a%2Fb%20c%40d"), ("plain-._~", "plain-._~"), ("漢", "%E6%BC%A2"), ("", "")])
    func `encodes all but the unreserved characters, and back`(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "%zz", "%FF"]) func `is not decoded where it is none`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test(arguments: [
        ("a+b%20c", true, "a b c"), ("a+b", false, "a+b"), ("100%", true, "100%"), ("%FF", true, "\u{FFFD}"),
        ("%4g%41", true, "%4gA"),
    ]) func `is decoded leniently as servers do`(text: String, plusIsSpace: Bool, decoded: String) {
        #expect(PercentEncoding.decodeLeniently(text, plusIsSpace: plusIsSpace) == decoded)
    }
}

@Suite("The calendar") struct CivilCalendarTests {
    @Test func `names each day once, forward and back`() throws {
        var day: Int64 = -800_000
        while day < 3_000_000 {
            let date = try #require(CivilCalendar.date(of: day))
            #expect(CivilCalendar.day(of: date) == day)
            day += 97
        }
    }

    @Test(arguments: [(2026, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0), (1900, 2, 29)])
    func `has no day that does not exist`(year: Int64, month: Int64, day: Int64) {
        #expect(CivilCalendar.day(of: .init(year: year, month: month, day: day)) == nil)
    }

    @Test(arguments: [Int64.min, .max]) func `ends somewhere`(number: Int64) {
        #expect(CivilCalendar.date(of: number) == nil)
        #expect(CivilCalendar.day(of: .init(year: number, month: 1, day: 1)) == nil)
        #expect(floorDivide(number, 1000).magnitude.distance(to: number.magnitude / 1000).magnitude <= 1)
    }

    @Test(arguments: [(-1, -1), (-86_400, -1), (-86_401, -2), (0, 0), (86_399, 0), (86_400, 1)])
    func `rounds down`(seconds: Int64, day: Int64) { #expect(floorDivide(seconds, 86_400) == day) }
}

@Suite("A timestamp") struct TimestampTests {
    @Test func `is read as it was written, over all years of four digits`() {
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let moment = Int64.random(in: Timestamp.years0To9999, using: &dice)
            #expect(Timestamp.parse(Timestamp.iso(moment)) == moment)
        }
    }

    @Test(arguments: [
        ("2026-11-21T10:00:00Z", 1_795_255_200_000), ("2026-11-21T10:00Z", 1_795_255_200_000),
        ("2026-11-21T10:00:00.5Z", 1_795_255_200_500), ("2026-11-21T04:30:00-0530", 1_795_255_200_000),
        ("2026-11-21", 1_795_219_200_000),
    ]) func `is read from ISO 8601`(text: String, moment: Int64) { #expect(Timestamp.parse(text) == moment) }

    @Test(arguments: ["2026-11-21T10:00:00", "2026-11-21 10:00"]) func `without a zone is UTC, or none`(text: String) {
        #expect(Timestamp.parse(text) == nil)
        #expect(Timestamp.parse(text, missingZone: .isUTC) == 1_795_255_200_000)
    }

    @Test(arguments: ["", "2026-02-30", "2026-11-21T25:00:00Z", "2026-11-21T10:00:00X", "2026-11-21T10:00:00.Z", "x"])
    func `is not read from anything else`(text: String) {
        #expect(Timestamp.parse(text) == nil)
        #expect(Timestamp.parse(text, missingZone: .isUTC) == nil)
    }
}

@Suite("A multipart body") struct MultipartTests {
    @Test func `is read as it was written`() throws {
        let content = Array("--moonspot-boundary-0-7d1c2f90\r\n\u{0}tail".utf8)
        var form = MultipartForm(avoiding: content)
        form.add("options", "{}")
        form.add("file", fileName: "a \"b\".txt", content)
        let read = try Multipart(form.body, contentType: form.contentType)
        #expect(read.parts.count == 2)
        #expect(read.text("options") == "{}")
        #expect(read.first("file")?.fileName == "a %22b%22.txt")
        #expect(read.first("file").map { Array($0.content) } == content)
    }

    @Test(arguments: [
        ("text/plain", "x", "The multipart body has no boundary"),
        ("multipart/form-data; boundary=b", "x", "The multipart body does not begin with its boundary"),
        ("multipart/form-data; boundary=b", "--b\r\n", "The multipart body ends within a part"),
        ("multipart/form-data; boundary=b", "--b", "The multipart body ends within a part"),
        ("multipart/form-data; boundary=b", "--b\r\nx\r\n--b--", "A part of the multipart body has no headers"),
        (
            "multipart/form-data; boundary=b", "--b\r\nx: y\r\n\r\nz\r\n--b--",
            "A part of the multipart body has no name"
        ),
    ]) func `that is cut wrongly says why`(type: String, body: String, reason: String) {
        let malformed = #expect(throws: Multipart.Malformed.self) { try Multipart(Array(body.utf8), contentType: type) }
        #expect(malformed?.reason == reason)
    }
}
