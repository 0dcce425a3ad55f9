import HubSpot
import Testing

@testable import Moonspot

@Suite("What mends an error") struct RemedyTests {
    @Test(arguments: [
        (HubSpotError.Remedy.configureCredential, "set HUBSPOT_ACCESS_TOKEN"), (.allowMoreTime, "--timeout"),
        (.widenPermissions(Permission("contacts", .write)), "--allow"),
        (.useBaseURL(BaseURL.api), "set --base-url https://api.hubapi.com"), (.useBaseURL(nil), "set --base-url"),
        (.useFormsURL(.forms), "set --forms-url https://api.hsforms.com"), (.namePortal, "(portalId)"),
        (.logIn, "moonspot auth login"), (.useToken, "base_url"), (.askForLess, "batch.read"),
        (.doWithoutStore, "store_required"), (.giveDay, "hubspot.account.today()"),
    ])
    func `is told by the name that this program has for it`(remedy: HubSpotError.Remedy, expected: String) {
        #expect(remedy.words.contains(expected))
        #expect(!"\(remedy)".contains("--"))
    }

    @Test func `is worded so in every session`() throws {
        let plan = try SessionPlan(
            options: SessionOptions(simulator: true), environment: ProcessEnvironment(variables: [:]))
        #expect(plan.configuration.wording(.allowMoreTime) == "allow more with --timeout")
    }
}
