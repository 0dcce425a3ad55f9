import HubSpot
import Testing

@testable import Moonspot
import Quota

@Suite("What to do where the quota's store is out of reach") struct StoreAdviceTests {
    @Test(
        arguments: [
            (.otherFolder, "MOONSPOT_STATE"), (.room, "MOONSPOT_STATE"), (.update, "MOONSPOT_STATE"),
            (.password, "MOONSPOT_REDIS_PASSWORD"), (.reachableServer, "--store file"), (.nearerServer, "--store file"),
            (.mendedServer, "--store file"),
            (.deleteFile(name: "limiter.sqlite"), "delete it together with limiter.sqlite"),
        ] as [(StoreProblem.Remedy, String)])
    func `names the variable or the option`(remedy: StoreProblem.Remedy, words: String) {
        #expect(remedy.advice.contains(words))
    }
}
