import HTTPTypes
import JSON

/// Source: `POST /crm/objects/{version}/{type}/batch/read`, which knows no links.
struct ReadForm: RecordForm {
    let path: String
    var options: ReadOptions
    var idProperty: String?
    var asksAgain = true

    init(
        _ type: ObjectType, _ options: ReadOptions, idProperty: String?, asksAgain: Bool = true, _ paths: Paths
    ) {
        path = paths.objects(type.name, "batch", "read")
        self.options = options
        self.idProperty = idProperty
        self.asksAgain = asksAgain
    }

    var size: Int { options.batchSize }
    var query: [(name: String, value: String)] { options.archived ? [("archived", "true")] : [] }

    func body(of operations: [Operation]) -> JSONValue {
        var properties = options.properties
        if let idProperty, !properties.isEmpty, !properties.contains(idProperty) { properties.append(idProperty) }
        return .object([
            "inputs": .array(operations.map { .object(["id": .string($0.record?.value ?? "")]) }),
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

    func key(of operation: Operation) -> String { operation.record?.key.value ?? "" }

    func alone(_ operation: Operation, _ pipeline: WritePipeline) async throws(HubSpotError) -> JSONSlice {
        var options = options
        guard !options.isTooLongForURL else {
            // A body again, so that the address stays short; a record that it does not name does not exist.
            let answer = try await pipeline.session.object(.post, path, query: query, body: body(of: [operation]))
            guard let record = answer.field("results")?.elements()?.first else { throw missing(operation) }
            return record
        }
        if let idProperty, !options.properties.isEmpty, !options.properties.contains(idProperty) {
            options.properties.append(idProperty)
        }
        var wider = operation
        wider.verb = .read(options)
        return try await pipeline.alone(wider)
    }
}

struct CreateForm: RecordForm {
    let path: String
    var asksAgain: Bool { false }

    init(_ type: ObjectType, _ paths: Paths) { path = paths.objects(type.name, "batch", "create") }

    func body(of operations: [Operation]) -> JSONValue {
        .object([
            "inputs": .array(
                operations.map {
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

    func key(of operation: Operation) -> String { operation.traceID }

    func verdicts(of operations: [Operation], in answer: JSONSlice) -> Verdicts {
        // Without a trace id in its answer a record is known by its address, if that is the only one.
        var addresses: [String: Int] = [:]
        for operation in operations { if let key = operation.key { addresses[key.value] = operation.index } }
        var verdicts = matched(operations, answer, others: addresses)
        let left = operations.filter { verdicts[$0.index] == nil }
        guard !left.isEmpty else { return verdicts }
        let results = answer.field("results")?.elements() ?? []
        let errors = answer.field("errors")?.elements() ?? []
        // Answers without a trace id or an address: as many results as inputs are in the inputs' order.
        if errors.isEmpty, results.count == operations.count, left.count == operations.count {
            for (operation, record) in zip(operations, results) { verdicts[operation.index] = verdict(on: record) }
        } else if errors.count == 1, results.count + left.count == operations.count,
            let only = error(from: errors.first)
        {
            for operation in left { verdicts[operation.index] = .failure(only) }
        }
        return verdicts
    }
}

struct UpdateForm: RecordForm {
    let path: String

    init(_ type: ObjectType, _ paths: Paths) { path = paths.objects(type.name, "batch", "update") }

    func body(of operations: [Operation]) -> JSONValue {
        .object([
            "inputs": .array(
                operations.map {
                    .object([
                        "id": .string($0.record?.value ?? ""), "properties": $0.properties.json,
                        "objectWriteTraceId": .string($0.traceID),
                    ])
                })
        ])
    }
}

/// HubSpot's own upsert: what it does with properties that are left out is not promised where the key is an email.
struct UpsertForm: RecordForm {
    let path: String
    var idProperty: String

    init(_ type: ObjectType, _ idProperty: String, _ paths: Paths) {
        path = paths.objects(type.name, "batch", "upsert")
        self.idProperty = idProperty
    }

    /// A contact has several addresses; HubSpot refuses a batch that names one twice.
    var keepsOrder: Bool { idProperty == "email" }

    func body(of operations: [Operation]) -> JSONValue {
        .object([
            "inputs": .array(
                operations.map {
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

    func key(of operation: Operation) -> String { operation.record?.key.value ?? "" }
}

/// HubSpot does not say which ids did not exist.
struct ArchiveForm: RecordForm {
    let path: String

    init(_ type: ObjectType, _ paths: Paths) { path = paths.objects(type.name, "batch", "archive") }

    func body(of operations: [Operation]) -> JSONValue {
        .object(["inputs": .array(operations.map { .object(["id": .string($0.record?.value ?? "")]) })])
    }

    func silentSuccess(_ operation: Operation) -> JSONSlice? { operation.silentAnswer }
}
