import GRDB

/// Carries out a call that every rule has let pass: the end of the chain.
struct RouteHandler: Sendable {
    let portal: Portal

    func respond(to request: SimulatorRequest, context: SimulatorContext) async throws -> SimulatorResponse {
        let call = context.call
        if portal.hasDueWork(at: call.now) {
            try await portal.write { db in try call.portal.doDueWork(db, now: call.now) }
        }
        switch context.match.route.work {
        case .plain(let handler): return try handler(call)
        case .read(let handler):
            do {
                return try await portal.database.read { db in try handler(call, db) }
            } catch let missing as SearchColumns.Missing {
                try await portal.database.write { db in try missing.make(db) }
                return try await portal.database.read { db in try handler(call, db) }
            }
        case .write(let handler):
            let response = try await portal.write { db in try handler(call, db) }
            if let lag = portal.searchLag { portal.notePutOff(until: call.now + lag) }
            return response
        case .schema(let handler):
            return try await portal.write { db in
                let response = try handler(call, db)
                db.afterNextTransaction(onCommit: { db in try? call.portal.reloadSchema(db) })
                return response
            }
        }
    }
}
