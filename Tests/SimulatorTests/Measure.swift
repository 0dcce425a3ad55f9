import Foundation
import Testing

@testable import Simulator

@Suite("MEASURE") struct Measure {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MEASURE"] != nil)) func measure() async throws {
        let count = Int(ProcessInfo.processInfo.environment["MEASURE"] ?? "") ?? 1000
        let path = "/tmp/measure-\(count).sqlite"
        let clock = ContinuousClock()
        var start = clock.now
        func lap(_ name: String, _ n: Int = 1) { print("MEASURE", name, (clock.now - start) / n); start = clock.now }
        var options = SimulatorOptions()
        options.quota = .unlimited
        options.contacts = count
        if ProcessInfo.processInfo.environment["FILE"] != nil { options.database = path }
        let simulator = try await Simulator.start(options)
        lap("start")
        let bench = Bench(simulator: simulator, clock: ManualSimulatorClock())
        _ = try await bench.get(Bench.contacts)
        lap("first")
        for i in 0..<200 { _ = try await bench.get("\(Bench.contacts)/\(501 + i)") }
        lap("get", 200)
        for i in 0..<100 { _ = try await bench.get("\(Bench.contacts)?limit=100&after=\(501 + i * 100 % count)&properties=email,firstname,lastname,phone,city,lifecyclestage") }
        lap("page", 100)
        for i in 0..<50 { _ = try await bench.search(["limit": 100, "filters": .array([["propertyName": "hs_object_id", "operator": "GT", "value": .string(String(501 + i * 100))]]), "sorts": ["hs_object_id"]]) }
        lap("search id window", 50)
        for _ in 0..<20 { _ = try await bench.search(["limit": 100, "filters": .array([["propertyName": "lifecyclestage", "operator": "EQ", "value": "evangelist"]])]) }
        lap("search stage", 20)
        for _ in 0..<20 { _ = try await bench.search(["limit": 100, "filters": .array([["propertyName": "createdate", "operator": "GT", "value": "2026-10-01"]]), "sorts": ["-createdate"]]) }
        lap("search created", 20)
        for _ in 0..<5 { _ = try await bench.search(["limit": 100, "filters": .array([["propertyName": "firstname", "operator": "EQ", "value": "ada"]])]) }
        lap("search firstname", 5)
        for _ in 0..<5 { _ = try await bench.search(["limit": 100, "query": "ada love"]) }
        lap("search query", 5)
        for i in 0..<50 { _ = try await bench.search(["filters": .array([["propertyName": "email", "operator": "EQ", "value": .string("x\(i)@example.org")]])]) }
        lap("search email", 50)
        for i in 0..<100 { try await bench.contact(["email": .string("fresh\(i)-\(clock.now)@example.org".filter { $0.isLetter || $0.isNumber || "@.-".contains($0) })]) }
        lap("create", 100)
        await simulator.stop()
    }
}
