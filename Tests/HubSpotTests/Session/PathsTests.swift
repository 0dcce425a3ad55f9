import Testing

@testable import HubSpot

@Suite("Paths") struct PathsTests {
    @Test(
        arguments: [
            (.september2026, "/files/2026-03/files/1"), (.march2026, "/files/2026-03/files/1"),
            (.v3, "/files/v3/files/1"),
        ] as [(APIVersion, String)])
    func `of files go to a version that has them`(version: APIVersion, path: String) {
        #expect(Paths(version).files("1") == path)
        #expect(Paths(version).files() == String(path.dropLast(2)))
    }

    @Test(
        arguments: [
            (.september2026, "/crm/objects/2026-03/contacts/1/associations/deals"),
            (.march2026, "/crm/objects/2026-03/contacts/1/associations/deals"),
            (.v3, "/crm/v4/objects/contacts/1/associations/deals"),
        ] as [(APIVersion, String)])
    func `of one record's links go to a version that has them, to be read`(version: APIVersion, path: String) {
        #expect(Paths(version).associations(of: "contacts", "1", "deals") == path)
    }

    @Test func `of writing links are in every version`() {
        let paths = Paths(.september2026)
        #expect(
            paths.associations(of: "contacts", "1", "default", "deals", "2")
                == "/crm/objects/2026-09/contacts/1/associations/default/deals/2")
        #expect(
            paths.associations(of: "contacts", "1", "deals", "2")
                == "/crm/objects/2026-09/contacts/1/associations/deals/2")
    }

    @Test(arguments: APIVersion.allCases)
    func `of form definitions are numbered, since their dated ones are betas`(version: APIVersion) {
        #expect(Paths(version).forms("x") == "/marketing/v3/forms/x")
    }

    @Test(arguments: APIVersion.allCases)
    func `lead to a version that the endpoint has, and to the one asked for where it has that`(wanted: APIVersion) {
        for endpoint in VersionedEndpoint.allCases {
            let version = endpoint.version(for: wanted)
            #expect(endpoint.versions.contains(version))
            if endpoint.versions.contains(wanted) { #expect(version == wanted) }
        }
    }
}
