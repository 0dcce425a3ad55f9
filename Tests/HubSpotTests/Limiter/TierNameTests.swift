import Quota
import Testing

@testable import HubSpot

@Suite("A tier") struct TierNameTests {
    @Test(arguments: [
        (190.0, 625_000.0 as Double?, "professional" as String?), (190, 1_000_000, "enterprise"),
        (100, 250_000, "free or starter"), (190, nil, "professional or enterprise"), (110, nil, nil), (190, 7, nil),
        (.infinity, nil, nil),
    ]) func `is told by its limits`(burst: Double, daily: Double?, name: String?) {
        #expect(QuotaSpecification.tierName(burst: burst, daily: daily) == name)
    }
}
