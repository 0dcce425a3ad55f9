import JSON
import Testing
import Wire

@testable import HubSpot

@Suite("The trace of a create") struct CreationTraceTests {
    private static let sent: Int64 = 1_800_000_000_000

    private static func record(
        _ values: String, after milliseconds: Int64, history: String? = nil
    ) -> JSONSlice {
        let moment = Timestamp.iso(sent + milliseconds)
        let past = history.map { #","propertiesWithHistory":\#($0.replacing("BORN", with: moment))"# } ?? ""
        return JSONSlice(#"{"id":"5","createdAt":"\#(moment)","properties":\#(values)\#(past)}"#)
    }

    private static func verdict(_ record: JSONSlice, ended: Int64? = nil) -> CreationTrace.Verdict {
        CreationTrace(
            properties: ["city": "Rome", "email": "a@b.c"], sent: sent...sent, ended: ended.map { sent + $0 }
        )
        .verdict(on: record)
    }

    @Test(
        arguments: [
            // Made when it was sent, with its values.
            (#"{"city":"Rome","email":"A@b.c"}"#, 300, nil, nil, .own),
            // There before, or made by another with other values.
            (#"{"city":"Rome","email":"a@b.c"}"#, -600_000, nil, nil, .another),
            (#"{"city":"Oslo","email":"a@b.c"}"#, 300, nil, nil, .another),
            // Changed by another since.
            (
                #"{"city":"Oslo","email":"a@b.c"}"#, 300,
                #"{"city":[{"value":"Oslo"},{"value":"Rome"}],"email":[{"value":"a@b.c"}]}"#, nil, .own
            ),
            // Made by another, and changed to the same values.
            (
                #"{"city":"Rome","email":"a@b.c"}"#, 300,
                #"{"city":[{"value":"Rome"},{"value":"Oslo"}],"email":[{"value":"a@b.c"}]}"#, nil, .another
            ),
            // Somewhat earlier than clocks are apart as a rule, or later than a request is on its way.
            (#"{"city":"Rome","email":"a@b.c"}"#, -30_000, nil, nil, .like),
            (#"{"city":"Rome","email":"a@b.c"}"#, 3_600_000, nil, nil, .like),
            // After the process that sent it had ended.
            (#"{"city":"Rome","email":"a@b.c"}"#, 20_000, nil, 2_000, .like),
        ] as [(String, Int64, String?, Int64?, CreationTrace.Verdict)])
    func `is a record with its values, made when it was sent`(
        values: String, after: Int64, history: String?, ended: Int64?, expected: CreationTrace.Verdict
    ) {
        #expect(Self.verdict(Self.record(values, after: after, history: history), ended: ended) == expected)
    }

    @Test func `is no record that was made with more`() {
        let trace = CreationTrace(properties: ["city": "Rome"], sent: Self.sent...Self.sent)
        func has(_ history: String) -> Bool { trace.hasMore(Self.record("{}", after: 0, history: history)) }
        #expect(has(#"{"phone":[{"value":"1","timestamp":"BORN"}]}"#))
        #expect(!has(#"{"city":[{"value":"Rome","timestamp":"BORN"}]}"#))
        #expect(!has(#"{"hs_object_source":[{"value":"API","timestamp":"BORN"}]}"#))
        #expect(!has(#"{"lifecyclestage":[{"value":"lead","timestamp":"BORN"}]}"#))
        #expect(!has(#"{"phone":[{"value":"1","timestamp":"2099-01-01T00:00:00Z"}]}"#))
        #expect(!has(#"{"phone":[]}"#))
    }
}
