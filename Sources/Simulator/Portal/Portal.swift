import GRDB
import Synchronization

/// The simulated account: its data, its quota, its time and its counters. Handlers reach everything through it.
final class Portal: Sendable {
    /// The portal's id in every answer.
    static let id: Int64 = 20_000_001

    let options: SimulatorOptions
    let token: String
    let clock: any SimulatorClock
    let calendar = PortalCalendar("Europe/Berlin")
    let database: any DatabaseWriter
    let gate: QuotaGate
    let statistics = Statistics()
    let totals = TotalCache()
    let ids = RecordIDs()
    let oauth: OAuthStore
    let faults: FaultInjector
    let router = Router(API.routes)
    /// Milliseconds; nil where searches see every write at once.
    let searchLag: Int64?
    private let usualFormDelay: Int64
    private let lateness = Mutex<Int64>(0)

    private let schemaBox: Mutex<Schema>
    private let address = Mutex("")
    /// When the next write that was put off is due, in milliseconds; `.max` for none, 0 until it is known.
    private let nextDue = Mutex<Int64>(0)

    init(_ options: SimulatorOptions) throws {
        self.options = options
        token = options.token ?? "pat-na1-\(UUIDs.version4())"
        clock = options.clock ?? SystemSimulatorClock()
        gate = QuotaGate(
            quota: options.quota, calendar: calendar, searchesShowDay: options.searchHeaders)
        oauth = OAuthStore(options)
        faults = FaultInjector(options.faults, seed: options.seed)
        let lag = options.searchLag.microseconds / 1000
        searchLag = lag > 0 ? lag : nil
        usualFormDelay = max(0, options.formDelay.microseconds / 1000)
        database = try PortalDatabase.open(options)
        let isLagging = searchLag != nil
        let schema = try database.write { db in
            try PortalDatabase.prepare(db, options)
            try SearchIndex.begin(lagging: isLagging, db)
            return try PortalDatabase.schema(db)
        }
        schemaBox = Mutex(schema)
    }

    /// The object types and properties as they are now.
    var schema: Schema { schemaBox.withLock { $0 } }

    func reloadSchema(_ db: Database) throws {
        let fresh = try PortalDatabase.schema(db)
        schemaBox.withLock { $0 = fresh }
    }

    /// Milliseconds since 1970.
    func milliseconds() -> Int64 { clock.now() / 1000 }

    /// Where this portal is reached; links in answers begin with it.
    var publicURL: String {
        get { address.withLock { $0 } }
        set { address.withLock { $0 = newValue } }
    }

    /// How many milliseconds after a form submission its contact appears.
    var formDelay: Int64 { max(usualFormDelay, lateness.withLock { $0 }) }

    /// From now on contacts appear so long after their submissions, where the options do not say longer.
    func makeContactsLate(by time: Duration) {
        lateness.withLock { $0 = time.microseconds / 1000 }
    }

    /// Seeded data, counters at zero, windows empty.
    func reset() async throws {
        let options = options
        let isLagging = searchLag != nil
        try await database.write { db in
            try PortalDatabase.erase(db)
            self.ids.reset()
            try PortalDatabase.prepare(db, options)
            try SearchIndex.begin(lagging: isLagging, db)
            try self.reloadSchema(db)
        }
        totals.invalidate()
        gate.reset()
        statistics.reset()
        oauth.reset()
        faults.reset()
        nextDue.withLock { $0 = .max }
    }

    /// Changes the portal's data in one transaction; nothing is changed where `body` throws.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let value = try await database.write { db in
            let value = try body(db)
            try SearchSideTables.settle(db)
            return value
        }
        totals.invalidate()
        return value
    }

    // MARK: Writes that are put off

    /// Whether something that was put off is due by `now`.
    func hasDueWork(at now: Int64) -> Bool {
        nextDue.withLock { $0 <= now }
    }

    func notePutOff(until due: Int64) {
        nextDue.withLock { $0 = min($0, due) }
    }

    /// Makes form submissions into contacts and shows writes to searches, where their time has come.
    func doDueWork(_ db: Database, now: Int64) throws {
        try FormProcessing.catchUp(db, portal: self, schema: schema, now: now)
        if searchLag != nil { try SearchIndex.catchUp(db, now: now) }
        let forms = try Int64.fetchOne(db, sql: "SELECT min(due) FROM form_queue") ?? .max
        let searches =
            searchLag == nil ? .max : try Int64.fetchOne(db, sql: "SELECT min(due) FROM search_queue") ?? .max
        nextDue.withLock { $0 = min(forms, searches) }
    }
}
