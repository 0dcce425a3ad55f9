// The workbench: a form as a browser draws it from its definition, beside the request that it makes, what HubSpot would say,
// the answer, the contact before and after, snippets, and the log of what arrives.
//
// It knows forms (WebForms) and the portal behind ``WorkbenchPortal``. It must not know the client, the simulator or Lua:
// `moonspot forms serve` gives it a session's portal, the simulator its own.

import JSON
import Synchronization
import WebForms

/// One workbench over one portal, whoever carries its requests: ``respond(to:at:)`` for the page, and
/// ``receive(_:deliver:)`` for the submissions that the page and websites send.
package final class Workbench: Sendable {
    let portal: any WorkbenchPortal
    /// The form that the page opens with; nil for the portal's first.
    let opening: String?
    let events = EventHub()
    private let state = Mutex(State())

    private struct State {
        var settings = WorkbenchSettings()
        var watches: [Int: Task<Void, Never>] = [:]
        var submissions = 0
        var isClosed = false
    }

    package init(portal: any WorkbenchPortal, opening: String? = nil) {
        self.portal = portal
        self.opening = opening
    }

    /// What is set on the page, for all who look.
    var settings: WorkbenchSettings { state.withLock { $0.settings } }

    func set(_ settings: WorkbenchSettings) {
        state.withLock { $0.settings = settings }
        events.tell("settings", settings.json)
    }

    /// The number of the submission that has just come.
    func nextNumber() -> Int {
        state.withLock { state in
            state.submissions += 1
            return state.submissions
        }
    }

    /// Does work that goes on after an answer: it ends with the workbench.
    func afterwards(_ number: Int, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            let earlier = state.watches[number]
            state.watches[number] = Task {
                await earlier?.value
                await body()
                self.state.withLock { $0.watches[number] = nil }
            }
        }
    }

    /// Ends every stream of events, and what goes on after answers.
    package func close() {
        let watches = state.withLock { state in
            state.isClosed = true
            return state.watches.values
        }
        for watch in watches { watch.cancel() }
        events.close()
    }
}
