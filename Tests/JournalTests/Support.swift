import Foundation

@testable import Journal

/// A folder for the time of `body`.
func inFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

extension Write {
    static func update(_ number: Int64, _ id: String, sent: String = #"{"properties":{"city":"Rome"}}"#) -> Write {
        var write = Write(
            at: 1_000, method: "PATCH", path: "/crm/objects/2026-09/contacts/\(id)", action: .update, type: "contacts",
            id: id)
        write.number = number
        write.sent = sent
        return write
    }
}

extension Run {
    static func script(began: Int64 = 1_000) -> Run {
        Run(.script, began: began, profile: "acme", script: "/home/ada/import.lua", arguments: ["people.csv"])
    }
}
