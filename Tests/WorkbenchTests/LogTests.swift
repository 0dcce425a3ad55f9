import JSON
import Testing

@testable import Workbench

@Suite("The log of submissions") struct LogTests {
    private let submission = ArrivedSubmission(
        sender: .site, address: "http://127.0.0.1:8080/k/submissions/v3/integration/submit/7/f", portalID: "7",
        formID: "f", isSecure: true,
        headers: [
            HeaderLine("Content-Type", "application/json"), HeaderLine("Authorization", "Bearer pat-na1-secret"),
            HeaderLine("Cookie", "hubspotutk=secret"),
        ], body: Array(#"{"fields":[{"name":"email","value":"it's"}]}"#.utf8))

    @Test func `shows no secret, in headers or curl line`() {
        let logged = LoggedSubmission(
            number: 1, at: 0, submission: submission, outcome: .delivered,
            answer: SubmissionAnswer(200, body: Array("{}".utf8)), milliseconds: 3)
        let text = logged.json.text
        #expect(!text.contains("secret"))
        #expect(text.contains("Bearer ••••"))
    }

    @Test(arguments: [
        ("http://x/f?hapikey=SECRET9&a=1", "http://x/f?hapikey=••••&a=1"),
        ("http://x/f?access_token=SECRET9", "http://x/f?access_token=••••"),
        ("http://x/f?a=1", "http://x/f?a=1"), ("http://x/f?flag", "http://x/f?flag"),
    ]) func `shows no secret of an address`(address: String, shown: String) {
        #expect(Secrets.masked(address) == shown)
        var submission = submission
        submission.address = address
        submission.headers.append(HeaderLine("X-HubSpot-Secret", "SECRET9"))
        let logged = LoggedSubmission(
            number: 1, at: 0, submission: submission, outcome: .delivered, answer: nil, milliseconds: 3)
        #expect(!logged.json.text.contains("SECRET9"))
    }

    @Test func `makes a curl line that a shell reads as it was sent`() {
        let line = CurlLine.text(submission.address, Secrets.masked(submission.headers), submission.body)
        #expect(line.hasPrefix("curl -X POST 'http://127.0.0.1:8080/k/submissions"))
        #expect(line.contains(#"--data-raw '{"fields":[{"name":"email","value":"it'\''s"}]}'"#))
        #expect(line.contains(#"-H "Authorization: Bearer $HUBSPOT_ACCESS_TOKEN""#))
        #expect(!line.contains("Cookie"))
    }

    @Test func `tells a page that opens later what came before, and goes on`() async {
        let hub = EventHub()
        hub.publish("submission", ["number": 1])
        hub.publish("submission", ["number": 2])
        var events = hub.listen(after: 1).makeAsyncIterator()
        #expect(await events.next()?.text == "id: 2\nevent: submission\ndata: {\"number\":2}\n\n")
        hub.tell("settings", ["trouble": "none"])
        #expect(await events.next()?.text == "event: settings\ndata: {\"trouble\":\"none\"}\n\n")
        hub.close()
        #expect(await events.next() == nil)
    }

    @Test func `tells a page that comes back what it has missed, and counts on it meanwhile`() async {
        let hub = EventHub()
        #expect(!hub.isHeard)
        var first: AsyncStream<EventHub.Event>? = hub.listen(after: 0)
        #expect(hub.isHeard)
        _ = first.map { $0 }
        first = nil
        #expect(hub.isHeard)
        hub.tell("contact", ["number": 1])
        hub.tell("contact", ["number": 2])
        hub.publish("submission", ["number": 1])
        var new = hub.listen(after: 0).makeAsyncIterator()
        #expect(await new.next()?.name == "submission")
        var back = hub.listen(after: 0, isBack: true).makeAsyncIterator()
        #expect(await back.next()?.name == "submission")
        #expect(await back.next()?.text == "event: contact\ndata: {\"number\":2}\n\n")
        hub.close()
        #expect(await new.next() == nil)
        #expect(await back.next() == nil)
    }

    @Test func `keeps no more than it needs`() async {
        let hub = EventHub()
        for number in 0..<(EventHub.remembered + 50) { hub.publish("submission", ["number": .integer(number)]) }
        hub.close()
        var count = 0
        for await _ in hub.listen(after: 0) { count += 1 }
        #expect(count == EventHub.remembered)
    }

    @Test(arguments: [
        ("submissions/v3/integration/submit/7/f", false), ("submissions/v3/integration/secure/submit/7/f", true),
    ])
    func `knows the submission endpoints`(path: String, isSecure: Bool) {
        let endpoint = SubmissionEndpoint(path.split(separator: "/").map(String.init))
        #expect(endpoint?.portalID == "7")
        #expect(endpoint?.formID == "f")
        #expect(endpoint?.isSecure == isSecure)
        #expect(SubmissionEndpoint(["submissions", "v3", "integration", "submit", "7"]) == nil)
    }
}
