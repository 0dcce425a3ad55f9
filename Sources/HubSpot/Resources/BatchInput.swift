import HTTPTypes
import JSON

/// One element of a list on its way through a batch call.
struct BatchInput: Sendable {
    /// Its place in the caller's list, from zero.
    var index: Int
    var record: RecordReference?
    var properties = PropertyBag()
    var associations: JSONSlice?
    /// For a link: the id of the other record.
    var to: String?

    init(index: Int, record: RecordReference) {
        self.index = index
        self.record = record
    }

    init(index: Int, write: CRMObjects.BatchWrite) {
        self.index = index
        record = write.record
        properties = write.properties
        associations = write.associations
    }

    /// What doubles have in common: the record, or for a create of a contact its address.
    var key: RecordReference? {
        record?.key ?? properties["email"].flatMap { $0.isEmpty ? nil : RecordReference.email($0).key }
    }

    /// What HubSpot sends back with a created record or its error.
    var traceID: String { "m\(index + 1)" }

    /// The inputs cut where a double would come, in their order.
    static func stretches(of inputs: [BatchInput]) -> [[BatchInput]] {
        var seen: Set<RecordReference> = []
        var stretches: [[BatchInput]] = [[]]
        for input in inputs {
            if let key = input.key, !seen.insert(key).inserted {
                seen = [key]
                stretches.append([])
            }
            stretches[stretches.count - 1].append(input)
        }
        return stretches
    }

    /// The inputs in rounds, none of which holds a double: HubSpot refuses a batch that does. Where doubles are not
    /// kept there is exactly one round.
    static func rounds(of inputs: [BatchInput], keepingDoubles: Bool) -> [[BatchInput]] {
        var seen: [RecordReference: Int] = [:]
        var rounds: [[BatchInput]] = [[]]
        for input in inputs {
            var round = 0
            if let key = input.key {
                round = seen[key, default: 0]
                seen[key] = round + 1
            }
            if round > 0, !keepingDoubles { continue }
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(input)
        }
        return rounds
    }
}

/// How one kind of batch call is made and its answer read.
protocol BatchOperation: Sendable {
    /// Below the type's path: `/batch/read`.
    var path: String { get }
    /// HubSpot's limit of inputs in one call.
    var size: Int { get }
    var query: [(String, String)] { get }
    var writes: Bool { get }
    func body(of inputs: [BatchInput]) -> JSONValue
    /// The input that a record of the answer belongs to, by the keys of ``keys(of:)``.
    func keys(of record: JSONSlice) -> [String]
    func key(of input: BatchInput) -> String
    /// Asks for one input alone: after a batch was refused, or where its answer left the input out.
    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice
    /// Whether what an answer leaves out is asked for again singly. A create is not: it might be made twice.
    var asksAgain: Bool { get }
    /// Whether two inputs may turn out to be one record, so that parts of a batch go in the list's order.
    var keepsOrder: Bool { get }
    /// What the answer means for inputs where it has no body (204).
    func silentSuccess(_ input: BatchInput) -> JSONSlice?
}

extension BatchOperation {
    var size: Int { 100 }
    var query: [(String, String)] { [] }
    var writes: Bool { true }
    var asksAgain: Bool { true }
    var keepsOrder: Bool { false }
    func silentSuccess(_ input: BatchInput) -> JSONSlice? { nil }
    func keys(of record: JSONSlice) -> [String] { [record.recordID].compactMap(\.self) }
    func key(of input: BatchInput) -> String { input.record?.value ?? "" }
}

struct ReadBatch: BatchOperation {
    var options: ReadOptions
    var idProperty: String?
    var asksAgain = true

    var path: String { "/batch/read" }
    var size: Int { options.batchSize }
    var query: [(String, String)] { options.archived ? [("archived", "true")] : [] }
    var writes: Bool { false }

    func body(of inputs: [BatchInput]) -> JSONValue {
        var properties = options.properties
        if let idProperty, !properties.isEmpty, !properties.contains(idProperty) { properties.append(idProperty) }
        return .object([
            "inputs": .array(inputs.map { .object(["id": .string($0.record?.value ?? "")]) }),
            "idProperty": idProperty.map(JSONValue.string),
            "properties": properties.isEmpty ? nil : .strings(properties),
            "propertiesWithHistory": options.propertiesWithHistory.isEmpty
                ? nil : .strings(options.propertiesWithHistory),
        ])
    }

    func keys(of record: JSONSlice) -> [String] {
        guard let idProperty else { return [record.recordID].compactMap(\.self) }
        let value = record.field("properties")?.field(idProperty)?.string
        return [value].compactMap(\.self).map { idProperty == "email" ? $0.lowercased() : $0 }
    }

    func key(of input: BatchInput) -> String { input.record?.key.value ?? "" }

    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        var options = options
        if options.isTooLongForURL {
            // A body again, so that the address stays short; what it does not name does not exist.
            let answer = try await objects.call(
                .post, path, query: query, body: body(of: [input]))
            guard let record = answer.field("results")?.elements()?.first else {
                throw HubSpotError.missing(input, objects)
            }
            return record
        }
        if let idProperty, !options.properties.isEmpty, !options.properties.contains(idProperty) {
            options.properties.append(idProperty)
        }
        guard let record = input.record else { throw HubSpotError.missing(input, objects) }
        return try await objects.plainGet(record, options)
    }
}

struct CreateBatch: BatchOperation {
    var path: String { "/batch/create" }
    var asksAgain: Bool { false }

    func body(of inputs: [BatchInput]) -> JSONValue {
        .object([
            "inputs": .array(
                inputs.map {
                    .object([
                        "properties": $0.properties.json, "associations": .raw($0.associations ?? JSONSlice("[]")),
                        "objectWriteTraceId": .string($0.traceID),
                    ])
                })
        ])
    }

    func keys(of record: JSONSlice) -> [String] {
        [record.field("properties")?.field("email")?.string?.lowercased()].compactMap(\.self)
    }

    func key(of input: BatchInput) -> String { input.traceID }  // never met by a record: see the runner's addresses

    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        try await objects.plainCreate(input.properties, associations: input.associations)
    }
}

struct UpdateBatch: BatchOperation {
    var path: String { "/batch/update" }

    func body(of inputs: [BatchInput]) -> JSONValue {
        .object([
            "inputs": .array(
                inputs.map {
                    .object([
                        "id": .string($0.record?.value ?? ""), "properties": $0.properties.json,
                        "objectWriteTraceId": .string($0.traceID),
                    ])
                })
        ])
    }

    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        guard let record = input.record else { throw HubSpotError.missing(input, objects) }
        return try await objects.plainUpdate(record, input.properties)
    }
}

/// HubSpot's own upsert: what it does with properties that are left out is not promised where the key is an email.
struct UpsertBatch: BatchOperation {
    var idProperty: String
    /// Whether a record that goes alone is upserted so too, rather than updated and, where there is none, created.
    var isWhole = true

    var path: String { "/batch/upsert" }
    /// A contact has several addresses; HubSpot refuses a batch that names one twice.
    var keepsOrder: Bool { idProperty == "email" }

    func body(of inputs: [BatchInput]) -> JSONValue {
        .object([
            "inputs": .array(
                inputs.map {
                    .object([
                        "id": .string($0.record?.value ?? ""), "idProperty": .string(idProperty),
                        "properties": $0.properties.json, "objectWriteTraceId": .string($0.traceID),
                    ])
                })
        ])
    }

    func keys(of record: JSONSlice) -> [String] {
        let value = record.field("properties")?.field(idProperty)?.string
        return [value.map { idProperty == "email" ? $0.lowercased() : $0 }].compactMap(\.self)
    }

    func key(of input: BatchInput) -> String { input.record?.key.value ?? "" }

    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        if !isWhole, let key = input.record { return try await objects.plainUpsert(key, input.properties) }
        let answer = try await objects.call(
            .post, path, body: body(of: [input]),
            given: .changed(input.record ?? .id(""), input.properties))
        if let record = answer.field("results")?.elements()?.first { return record }
        if answer.field("dry_run") != nil { return answer }
        throw objects.error(from: answer.field("errors")?.elements()?.first, path: path)
            ?? HubSpotError.missing(input, objects)
    }
}

struct ArchiveBatch: BatchOperation {
    var path: String { "/batch/archive" }

    func body(of inputs: [BatchInput]) -> JSONValue {
        .object(["inputs": .array(inputs.map { .object(["id": .string($0.record?.value ?? "")]) })])
    }

    func single(_ input: BatchInput, _ objects: CRMObjects) async throws(HubSpotError) -> JSONSlice {
        guard let record = input.record else { throw HubSpotError.missing(input, objects) }
        try await objects.plainArchive(record.value)
        return archived(record)
    }

    func silentSuccess(_ input: BatchInput) -> JSONSlice? { input.record.map(archived) }

    private func archived(_ record: RecordReference) -> JSONSlice {
        JSONSlice(JSONValue.object(["id": .string(record.value), "archived": true]).bytes)
    }
}
