// Greets a contact: swift run --package-path Tests/ExamplePackage hubspot-example ada@example.com
//
// The token comes from HUBSPOT_ACCESS_TOKEN, and HUBSPOT_BASE_URL may name another server, such as a simulator.

import Foundation
import HubSpot
import HubSpotExamples

let environment = ProcessInfo.processInfo.environment
guard let token = environment["HUBSPOT_ACCESS_TOKEN"], let address = CommandLine.arguments.dropFirst().first else {
    FileHandle.standardError.write(Data("usage: HUBSPOT_ACCESS_TOKEN=… hubspot-example ADDRESS\n".utf8))
    exit(2)
}
let session = try Session(
    token: token, baseURL: environment["HUBSPOT_BASE_URL"].map { try BaseURL($0) } ?? .api)
print(try await greet(address, session))
await session.close()
