import HTTPTypes
import JSON

/// A batch call beside the objects' own: its inputs are known by a key that results and errors name.
///
/// One that is refused as a whole is split until the culprit stands alone.
struct KeyedBatch: Sendable {
    struct Input: Sendable {
        /// Its place in the caller's list, from zero.
        var index: Int
        var key: String
        var json: JSONValue
    }

    let session: Session
    let path: String
    /// Fields of the body beside `inputs`.
    var extra: [JSONValue.Member] = []
    /// HubSpot's limit of inputs in one call.
    var size = 100
    /// The keys of the inputs that a result may belong to.
    let key: @Sendable (JSONSlice) -> [String]
    /// The members of an error's `context` that name inputs.
    let contextNames: [String]
    /// What stands for an input where an answer names neither result nor error.
    var silent: (@Sendable (_ key: String) -> JSONValue)?
    /// What an input looks for; nil where HubSpot's words say it.
    var wanted: (@Sendable (_ key: String) -> LookedUp)?

    func run(_ inputs: [Input]) async -> BatchOutcome {
        // HubSpot refuses doubles; what the first one gets stands for all.
        var seen: Set<String> = []
        let once = inputs.filter { seen.insert($0.key).inserted }
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for start in stride(from: 0, to: once.count, by: size) {
            verdicts.merge(await settle(once[start..<min(start + size, once.count)])) { $1 }
        }
        return BatchOutcome(verdicts)
    }

    private func settle(_ inputs: ArraySlice<Input>) async -> [Int: Result<JSONSlice, HubSpotError>] {
        let body = JSONValue.object(extra + [.init("inputs", .array(inputs.map(\.json)))])
        let request = APIRequest(.post, path, body: body.bytes, records: inputs.count, isBatch: true)
        do throws(HubSpotError) {
            if session.isDry(request) {
                try session.showDry(request)
                return each(inputs) { .success(JSONSlice($0.json.bytes).adding("dry_run", "true".utf8)) }
            }
            return match(inputs, JSONSlice(try await session.send(request).body))
        } catch  where error.refusesWholeBatch && inputs.count > 1 {
            let middle = inputs.startIndex + inputs.count / 2
            let first = await settle(inputs[..<middle])
            return first.merging(await settle(inputs[middle...])) { $1 }
        } catch {
            return each(inputs) { _ in .failure(error) }
        }
    }

    private var isWrite: Bool { (try? RequestRules(APIRequest(.post, path)).isWrite) ?? false }

    private func each(_ inputs: ArraySlice<Input>, _ verdict: (Input) -> Result<JSONSlice, HubSpotError>) -> [Int:
        Result<JSONSlice, HubSpotError>]
    {
        Dictionary(uniqueKeysWithValues: inputs.map { ($0.index, verdict($0)) })
    }

    private func match(_ inputs: ArraySlice<Input>, _ answer: JSONSlice) -> [Int: Result<JSONSlice, HubSpotError>] {
        let byKey = Dictionary(inputs.map { ($0.key, $0.index) }, uniquingKeysWith: { first, _ in first })
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for result in answer.field("results")?.elements() ?? [] {
            for index in key(result).compactMap({ byKey[$0] }) { verdicts[index] = .success(result) }
        }
        for entry in answer.field("errors")?.elements() ?? [] {
            guard let document = JSONValue(parsing: Array(entry.bytes)),
                let error = HubSpotError(batchEntry: document, request: "POST \(path)")
            else { continue }
            let named = contextNames.flatMap { document["context"]?[$0]?.array ?? [] }.compactMap(\.string)
            for key in named {
                guard let index = byKey[key] else { continue }
                var error = error
                if error.kind == .notFound, let wanted = wanted?(key) { error.name(wanted) }
                verdicts[index] = .failure(error)
            }
        }
        for input in inputs where verdicts[input.index] == nil {
            verdicts[input.index] =
                silent.map { .success(JSONSlice($0(input.key).bytes)) }
                ?? .failure(
                    HubSpotError(
                        .badResponse, "HubSpot's answer names neither a result nor an error for '\(input.key)'",
                        request: "POST \(path)", fateIsUnknown: isWrite))
        }
        return verdicts
    }
}
