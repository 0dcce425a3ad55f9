// The simulator: a HubSpot account with its quota, behind the paths of api.hubapi.com and api.hsforms.com on one port
// of the loopback. It knows HubSpot's API as the outside sees it, and must not know the client or Lua.

import GRDB
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Workbench

/// A running HubSpot simulator.
public final class Simulator: Sendable {
    /// The port that it listens on.
    public let port: Int
    /// The bearer token that it accepts.
    public let token: String
    /// `http://HOST:PORT`, without a slash at the end.
    public let baseURL: String

    private let portal: Portal
    private let server: Task<Void, any Error>
    private let connections: Connections
    private let workbench: Workbench

    private init(
        portal: Portal, server: Task<Void, any Error>, connections: Connections, workbench: Workbench, port: Int
    ) {
        self.portal = portal
        self.workbench = workbench
        self.server = server
        self.connections = connections
        self.port = port
        token = portal.token
        baseURL = portal.publicURL
    }

    /// Starts a simulator; it listens when this returns.
    /// - Throws: Where the database cannot be opened or the port cannot be bound.
    public static func start(_ options: SimulatorOptions) async throws -> Simulator {
        let portal = try Portal(options)
        let host = options.host
        let connections = Connections()
        let workbench = Workbench(portal: SimulatedForms(portal: portal))
        let (bound, announce) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = Application(
            responder: SimulatorResponder(portal: portal, connections: connections, workbench: workbench),
            server: .http1(configuration: .init(additionalChannelHandlers: [connections.watch()])),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: options.port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                portal.publicURL = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
                announce.yield(port)
            },
            logger: logger)
        let server = Task {
            defer { announce.finish() }
            try await application.run()
        }
        var ports = bound.makeAsyncIterator()
        guard let port = await ports.next() else {
            // The stream ended before the server ran: its task holds the reason.
            try await server.value
            throw SimulatorOptionError("the simulator ended before it listened on \(host):\(options.port)")
        }
        return Simulator(portal: portal, server: server, connections: connections, workbench: workbench, port: port)
    }

    /// How many connections a fault keeps waiting for ever.
    var abandonedConnections: Int { connections.abandonedCount }
    var isClosing: Bool { connections.isClosing }

    /// Closes the connections that wait for no answer, now and as they come, and returns when the others have theirs.
    /// Only to end the process, or to ``stop()``, is left to do.
    /// - Parameter limit: How long requests that have come in may take to be answered; then they are cut off.
    public func drain(within limit: Duration) async {
        // A page that is open holds a stream, which would never end.
        workbench.close()
        portal.statistics.close()
        connections.close()
        let alarm = Task { [connections] in
            try await Task.sleep(for: limit)
            connections.abort()
        }
        await connections.whenSettled()
        alarm.cancel()
    }

    /// Closes the port and every connection. May be called twice.
    public func stop() async {
        workbench.close()
        portal.statistics.close()
        connections.abort()
        server.cancel()
        // A long statement of the database would hold up the end.
        portal.database.interrupt()
        _ = await server.result
    }

    /// Runs `body` beside a simulator, which is stopped when it returns or throws.
    public static func withRunning<T: Sendable>(
        _ options: SimulatorOptions = SimulatorOptions(), _ body: (Simulator) async throws -> T
    ) async throws -> T {
        let simulator = try await start(options)
        do {
            let result = try await body(simulator)
            await simulator.stop()
            return result
        } catch {
            await simulator.stop()
            throw error
        }
    }
}
