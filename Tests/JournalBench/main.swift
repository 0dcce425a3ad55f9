// What the journal costs without a network: scripts/bench journal. Prints a line of JSON for each way of writing.

import Foundation
import Journal

/// So many requests at a time, each with so many records: told of before, and settled after.
func measure(_ name: String, writes: Int, records: Int, atOnce: Int, folder: String) async throws {
    let journal = Journal(folder: folder)
    let run = try await journal.begin(Run(.script, began: 0, script: name), keepingDays: 30)
    let clock = ContinuousClock()
    let began = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<atOnce {
            group.addTask {
                for request in stride(from: task, to: writes / records, by: atOnce) {
                    let numbers = (0..<records).map { Int64(request * records + $0 + 1) }
                    try await journal.intend(numbers.map(write), of: run)
                    journal.settle(numbers.map(settlement), of: run)
                }
            }
        }
        try await group.waitForAll()
    }
    try journal.end(run, at: 0, exit: 0, portal: nil)
    let taken = began.duration(to: clock.now)
    let seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
    guard try await journal.run(run)?.counts == [.done: writes] else { fatalError("\(name): writes were lost") }
    print(#"{"name":"\#(name)","writes":\#(writes),"seconds":\#(seconds)}"#)
}

/// An update of a contact with four properties.
func write(_ number: Int64) -> Write {
    var write = Write(
        at: 1_764_374_400_000, method: "PATCH", path: "/crm/objects/2026-09/contacts/\(number)", action: .update,
        type: "contacts", id: "\(number)")
    write.number = number
    write.sent =
        #"{"properties":{"firstname":"Ada","lastname":"Lovelace","city":"London","phone":"+44 20 \#(number)"}}"#
    return write
}

func settlement(_ number: Int64) -> Settlement {
    var settlement = Settlement(number, .done)
    settlement.after = #"{"firstname":"Ada","lastname":"Lovelace","city":"London","phone":"+44 20 \#(number)"}"#
    settlement.answered = "2026-11-29T00:00:00.120Z"
    return settlement
}

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
defer { try? FileManager.default.removeItem(atPath: folder) }
try await measure("batches of 100, 10 at a time", writes: 200_000, records: 100, atOnce: 10, folder: folder)
try await measure("single records, 1,000 at a time", writes: 100_000, records: 1, atOnce: 1_000, folder: folder)
try await measure("single records, 10 at a time", writes: 10_000, records: 1, atOnce: 10, folder: folder)
