import Testing

@testable import Quota

@Suite("A Redis endpoint") struct RedisEndpointTests {
    @Test func `keeps a password out of what is printed`() {
        let endpoint = RedisEndpoint(host: "h", user: "ada", password: RedisPassword("opensesame"))
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint.password), dumped] {
            #expect(!text.contains("opensesame"))
        }
    }
}
