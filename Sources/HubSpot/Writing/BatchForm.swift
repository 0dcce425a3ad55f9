import HTTPTypes
import JSON

/// How one kind of batch call is made, and how its answer is read.
protocol BatchForm: Sendable {
    /// `/crm/objects/2026-09/contacts/batch/read`.
    var path: String { get }
    /// HubSpot's limit of inputs in one call.
    var size: Int { get }
    var query: [(name: String, value: String)] { get }
    /// Whether a record that an answer leaves out is asked for again singly. A create is not: it might be made twice.
    var asksAgain: Bool { get }
    /// Whether parts of a batch go in the list's order: two of the inputs may turn out to be one record.
    var keepsOrder: Bool { get }
    /// False for a batch whose inputs have no call of their own: one alone is a batch of one.
    var hasPlainCall: Bool { get }
    func body(of operations: [Operation]) -> JSONValue
    /// The result or the error of each operation that the answer names: `{ results, errors }`, in any order.
    func verdicts(of operations: [Operation], in answer: JSONSlice) -> Verdicts
    /// What the answer means where it has no body (204), or names neither result nor error of something that is not
    /// asked for again.
    func silentSuccess(_ operation: Operation) -> JSONSlice?
    /// Does one alone, where the operation's own request does not serve.
    func alone(_ operation: Operation, _ pipeline: WritePipeline) async throws(HubSpotError) -> JSONSlice
}

extension BatchForm {
    var size: Int { 100 }
    var query: [(name: String, value: String)] { [] }
    var asksAgain: Bool { true }
    var keepsOrder: Bool { false }
    var hasPlainCall: Bool { true }
    func silentSuccess(_ operation: Operation) -> JSONSlice? { nil }

    func alone(_ operation: Operation, _ pipeline: WritePipeline) async throws(HubSpotError) -> JSONSlice {
        try await pipeline.alone(operation)
    }
}

/// A batch call about records, whose answer names them by a key or a trace id.
protocol RecordForm: BatchForm {
    /// The operation that a record of the answer belongs to, by the keys of ``key(of:)``.
    func keys(of record: JSONSlice) -> [String]
    func key(of operation: Operation) -> String
}

extension RecordForm {
    func keys(of record: JSONSlice) -> [String] { [record.recordID].compactMap(\.self) }
    func key(of operation: Operation) -> String { operation.record?.value ?? "" }

    func verdicts(of operations: [Operation], in answer: JSONSlice) -> Verdicts { matched(operations, answer) }

    /// - Parameter others: Further keys by which a record may be known.
    func matched(_ operations: [Operation], _ answer: JSONSlice, others: [String: Int] = [:]) -> Verdicts {
        var verdicts: Verdicts = [:]
        var byKey: [String: Int] = [:]
        var byTrace: [String: Int] = [:]
        for operation in operations {
            byKey[key(of: operation)] = operation.index
            byTrace[operation.traceID] = operation.index
        }
        for record in answer.field("results")?.elements() ?? [] {
            let traced = record.field("objectWriteTraceId")?.string.flatMap { byTrace[$0] }
            let keyed = keys(of: record).lazy.compactMap { byKey[$0] ?? others[$0] }
            guard let index = traced ?? keyed.first(where: { verdicts[$0] == nil }), verdicts[index] == nil
            else { continue }
            verdicts[index] = verdict(on: record)
        }
        for entry in answer.field("errors")?.elements() ?? [] {
            guard let error = error(from: entry) else { continue }
            let context = entry.field("context")
            let traced = context?.texts("objectWriteTraceId").compactMap { byTrace[$0] } ?? []
            let named = ["ids", "id"].flatMap { context?.texts($0) ?? [] }
            for index in traced + named.compactMap({ byKey[$0] ?? byKey[$0.lowercased()] }) where verdicts[index] == nil
            {
                verdicts[index] = .failure(error)
            }
        }
        return verdicts
    }
}

extension BatchForm {
    /// One of the `errors` of an answer.
    func error(from entry: JSONSlice?) -> HubSpotError? {
        entry.flatMap { JSONValue(parsing: Array($0.bytes)) }.flatMap {
            HubSpotError(batchEntry: $0, request: "POST \(path)")
        }
    }

    /// What a record of an answer means for its operation.
    func verdict(on record: JSONSlice) -> Result<JSONSlice, HubSpotError> {
        record.hasID ? .success(record) : .failure(.recordWithoutID(APIRequest(.post, path)))
    }

    /// A record that HubSpot's answer leaves out, as the call for it alone has it.
    func missing(_ operation: Operation) -> HubSpotError {
        HubSpotError(
            .notFound, operation.wanted.map { "no \($0)" } ?? "HubSpot's answer leaves the record out", status: 404,
            request: "POST \(path)")
    }
}

extension JSONSlice {
    /// The texts in the list of that name: HubSpot's `context` holds lists of strings.
    fileprivate func texts(_ name: String) -> [String] { field(name)?.elements()?.compactMap(\.idText) ?? [] }
}
