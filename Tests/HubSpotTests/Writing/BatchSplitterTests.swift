import JSON
import Synchronization
import Testing

@testable import HubSpot

@Suite("A batch that is refused as a whole") struct BatchSplitterTests {
    /// Settles records of which some are bad; what was sent, and what became of each.
    private func settle(
        _ count: Int, bad: Set<Int>, message: @escaping @Sendable ([Int]) -> String
    ) async -> (requests: Int, failed: [Int]) {
        let requests = Atomic(0)
        let inputs = (0..<count).map { index in
            Operation(
                .update, .contacts, .id("\(1000 + index)"),
                PropertyBag([("city", bad.contains(index) ? "nowhere" : "Rome")])
            ).at(index)
        }
        let batch = BatchSplitter(
            concurrency: 10,
            send: { piece in
                requests.add(1, ordering: .relaxed)
                let culprits = piece.map(\.index).filter { bad.contains($0) }
                guard culprits.isEmpty else { return .refused(HubSpotError(.validation, message(culprits))) }
                return .answered(Dictionary(uniqueKeysWithValues: piece.map { ($0.index, .success(JSONSlice("{}"))) }))
            },
            sendAlone: { input in
                requests.add(1, ordering: .relaxed)
                return bad.contains(input.index)
                    ? .failure(HubSpotError(.validation, "bad")) : .success(JSONSlice("{}"))
            })
        let verdicts = await batch.settle([inputs])
        #expect(verdicts.count == count)
        let failed = verdicts.filter { if case .failure = $0.value { true } else { false } }.keys.sorted()
        return (requests.load(ordering: .relaxed), failed)
    }

    @Test(arguments: [[], [0], [99], [3, 50], Array(0..<100), Array(stride(from: 0, to: 100, by: 3))])
    func `fails for the bad records alone`(bad: [Int]) async {
        let (_, failed) = await settle(100, bad: Set(bad)) { _ in "no" }
        #expect(failed == bad)
    }

    @Test func `costs three requests where the refusal names the culprit`() async {
        for name in [{ "Duplicate IDs: [\(1000 + $0)]" }, { "trace m\($0 + 1)" }] as [@Sendable (Int) -> String] {
            let (requests, failed) = await settle(100, bad: [42]) { name($0[0]) }
            #expect(requests == 3 && failed == [42])
        }
        let (requests, failed) = await settle(100, bad: [42]) { _ in
            #"Property values were not valid: [{"value":"nowhere"}]"#
        }
        #expect(requests == 3 && failed == [42])
    }

    @Test func `is halved where it names nobody`() async {
        let (requests, failed) = await settle(16, bad: [10]) { _ in "no" }
        #expect(requests == 9 && failed == [10])
    }

    @Test func `costs few more requests than there are records where it is hopeless`() async {
        let (requests, failed) = await settle(100, bad: Set(0..<100)) { _ in "no" }
        #expect(requests == 1 + 2 + 4 + 8 + 100 && failed.count == 100)
    }

    @Test func `does not go on for ever where it names one after another`() async {
        let bad = Set(stride(from: 0, to: 100, by: 5))
        let (requests, failed) = await settle(100, bad: bad) { "\(1000 + $0[0]) is bad" }
        #expect(failed == bad.sorted())
        #expect(requests < 150)
    }

    @Test func `may name a record that is not to blame`() async {
        let (_, failed) = await settle(100, bad: [7]) { _ in "at most 100 of 1050" }
        #expect(failed == [7])
    }
}
