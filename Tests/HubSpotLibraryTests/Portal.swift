import HubSpot
import Simulator

/// A simulated portal for the time of a test, and a session with it.
enum Portal {
    static func with<Result>(contacts: Int = 0, _ body: (Session) async throws -> Result) async throws -> Result {
        var options = SimulatorOptions()
        options.contacts = contacts
        options.quota = .unlimited
        let simulator = try await Simulator.start(options)
        let result: Result
        do {
            let session = try Session(token: simulator.token, baseURL: BaseURL(simulator.baseURL))
            do { result = try await body(session) } catch {
                await session.close()
                throw error
            }
            await session.close()
        } catch {
            await simulator.stop()
            throw error
        }
        await simulator.stop()
        return result
    }
}
