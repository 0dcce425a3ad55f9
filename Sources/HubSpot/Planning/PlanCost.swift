import HTTPTypes
import Quota

extension WritePlan.Counts {
    /// What it takes to send a plan's writes: the look at the records, and the writes themselves.
    ///
    /// - Parameters:
    ///   - asksPortal: Whether the account has to be asked first which one it is.
    ///   - stages: The order of lifecycle stages, where writes change some.
    ///   - looks: Whether the records are still to be looked at.
    init(
        sending writes: [PlannedWrite], _ paths: Paths, isBatching: Bool, asksPortal: Bool,
        stages: LifecycleStages = LifecycleStages(), looks: Bool = true
    ) {
        self.init()
        if asksPortal {
            let request = APIRequest(.get, paths.account("details"))
            if let rules = try? RequestRules(request) {
                add(rules.planName(request), records: 0, requests: 1, rules.lanes)
            }
        }
        for read in looks ? PlanChecks(writes, paths).reads : [] {
            add(
                read.name, records: read.records, requests: read.requests,
                read.isOfLinks ? [.associations, .day] : [.burst, .day])
        }
        if looks, stages.types > 0 {
            add("properties.read", records: 0, requests: stages.types, [.burst, .day])
        }
        for step in PlanSteps(writes, paths, isBatching: isBatching).steps {
            let write = writes[step[0]].operation(paths)
            let request = write.request(paths)
            guard let rules = try? RequestRules(request) else { continue }
            // A batch of links or unlinks goes by the associations' own endpoints.
            let isOfLinks = rules.permission.area == "associations" && step.count > 1
            // Stages that go back are emptied first.
            let empties = step.contains { stages.goesBack(writes[$0], writes[$0].operation(paths)) }
            add(
                write.planName ?? rules.planName(request), records: step.count, requests: empties ? 2 : 1,
                isOfLinks ? [.associations, .day] : rules.lanes)
            records += step.count
        }
    }

    init() {
        self.init(
            records: 0, requests: 0, requestsOfDay: 0, requestsOfLane: [:], shares: [:], refusedRecords: 0, refusals: []
        )
    }

    private mutating func add(_ name: String, records: Int, requests: Int, _ lanes: LaneSet) {
        shares[name, default: WritePlan.Share()].records += records
        shares[name, default: WritePlan.Share()].requests += requests
        self.requests += requests
        if lanes.contains(.day) { requestsOfDay += requests }
        for lane in lanes.windows { requestsOfLane[lane, default: 0] += requests }
    }
}
