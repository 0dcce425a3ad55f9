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
        /// What goes on after answers, by numbers of its own.
        var tasks: [Int: Task<Void, Never>] = [:]
        var tasksEver = 0
        var submissions = 0
        /// Submissions that were answered and are still to be delivered.
        var undelivered = 0
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
    /// - Parameter isDelivery: Whether a submission is lost where it ends early.
    func afterwards(isDelivery: Bool = false, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.tasksEver += 1
            if isDelivery { state.undelivered += 1 }
            let key = state.tasksEver
            state.tasks[key] = Task {
                await body()
                self.state.withLock { state in
                    state.tasks[key] = nil
                    if isDelivery, !state.isClosed { state.undelivered -= 1 }
                }
            }
        }
    }

    /// Ends every stream of events, and what goes on after answers.
    /// - Returns: How many submissions were answered as accepted, and are not delivered.
    @discardableResult package func close() -> Int {
        let (tasks, undelivered) = state.withLock { state in
            state.isClosed = true
            return (Array(state.tasks.values), state.undelivered)
        }
        for task in tasks { task.cancel() }
        events.close()
        return undelivered
    }
}
