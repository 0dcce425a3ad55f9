package import JSON

/// The outcome of a list of records: each element of the list, known by its index, either succeeded or failed.
package struct BatchOutcome: Sendable {
    /// In the list's order. Where the list names a record more than once, it is here once.
    package var successes: [Success]
    /// In the list's order.
    package var failures: [Failure]

    package struct Success: Sendable {
        /// Zero-based.
        package var index: Int
        package var record: JSONSlice
    }

    package struct Failure: Sendable {
        /// Zero-based.
        package var index: Int
        package var error: HubSpotError
    }

    /// The failure that stands for all where nothing was done: no element succeeded, none was refused for its own
    /// sake, and none may have been written all the same.
    package var sessionFailure: HubSpotError? {
        guard successes.isEmpty, failures.allSatisfy({ !$0.error.isAboutRecord && !$0.error.fateIsUnknown }) else {
            return nil
        }
        return failures.first?.error
    }

    /// With the outcome of further elements.
    func adding(_ other: BatchOutcome) -> BatchOutcome {
        var all = self
        all.successes = (successes + other.successes).sorted { $0.index < $1.index }
        all.failures = (failures + other.failures).sorted { $0.index < $1.index }
        return all
    }

    /// The failure of the elements behind, unsent: where nothing was done, for a reason that no later request escapes.
    var unsent: HubSpotError? {
        guard let stop = sessionFailure, stop.endsBatch else { return nil }
        return stop
    }

    init(_ verdicts: [Int: Result<JSONSlice, HubSpotError>]) {
        successes = []
        failures = []
        for (index, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            switch verdict {
            case .success(let record): successes.append(Success(index: index, record: record))
            case .failure(let error): failures.append(Failure(index: index, error: error))
            }
        }
    }
}

extension HubSpotError {
    /// True for an answer about what a request holds: another request may fare better.
    var isAboutRecord: Bool {
        switch kind {
        case .invalidArgument, .validation, .notFound, .conflict, .badResponse: true
        default: false
        }
    }

    /// True where a batch was refused as a whole and nothing of it was done, so that it may be tried in parts.
    var refusesWholeBatch: Bool {
        switch kind {
        case .validation, .notFound, .conflict: true
        default: status == 413 || status == 414
        }
    }

    /// True where no later request of the same kind can succeed either.
    var endsBatch: Bool {
        switch kind {
        case .unauthenticated, .forbidden, .dailyLimit, .readOnly, .notAllowed, .notConfirmed, .cancelled: true
        default: false
        }
    }
}
