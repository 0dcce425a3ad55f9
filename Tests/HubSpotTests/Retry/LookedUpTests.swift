import HTTPTypes
import Testing

@testable import HubSpot

@Suite("What was looked for") struct LookedUpTests {
    /// Method, path, body and the words.
    private static let lookups: [(HTTPRequest.Method, String, String?, String?)] = [
        (.get, "/crm/objects/2026-09/contacts/7", nil, "contact with id 7"),
        (.get, "/crm/v3/objects/0-1/7", nil, "contact with id 7"),
        (
            .get, "/crm/v3/objects/contacts/ada%40example.org?idProperty=email", nil,
            "contact with email ada@example.org"
        ),
        (.patch, "/crm/objects/2026-09/deals/9", "{}", "deal with id 9"),
        (.get, "/crm/objects/2026-09/line_items/9", nil, "line item with id 9"),
        (.get, "/crm/objects/2026-09/goal_targets/9", nil, "goal with id 9"),
        (.get, "/crm/objects/2026-09/p1_cars/9", nil, "p1_cars record with id 9"),
        (.get, "/crm/objects/2026-09/2-123/W1?idProperty=vin", nil, "2-123 record with vin W1"),
        (.get, "/crm/objects/2026-09/cars", nil, "object type cars"),
        (.post, "/crm/objects/2026-09/cars/search", "{}", "object type cars"),
        (
            .post, "/crm/objects/2026-09/contacts/gdpr-delete", #"{"objectId":"a@b.c","idProperty":"email"}"#,
            "contact with email a@b.c"
        ),
        (
            .post, "/crm/objects/2026-09/deals/merge", #"{"primaryObjectId":"1","objectIdToMerge":2}"#,
            "deal with id 1 or deal with id 2"
        ),
        (
            .post, "/crm/objects/2026-09/contacts/batch/read", #"{"idProperty":"email","inputs":[{"id":"a@b.c"}]}"#,
            "contact with email a@b.c"
        ),
        (
            .post, "/crm/objects/2026-09/deals/batch/read", #"{"inputs":[{"id":"1"},{"id":"2"}]}"#,
            "deal with one of the ids given"
        ),
        (.get, "/crm/objects/2026-09/contacts/7/associations/companies", nil, "contact with id 7"),
        (
            .put, "/crm/objects/2026-09/contacts/7/associations/default/companies/8", nil,
            "contact with id 7 or company with id 8"
        ),
        (.put, "/crm/v4/objects/contacts/7/associations/deals/8", "[]", "contact with id 7 or deal with id 8"),
        (
            .post, "/crm/associations/2026-09/contacts/deals/batch/create",
            #"{"inputs":[{"from":{"id":"7"},"to":{"id":"8"}}]}"#,
            "contact with id 7 or deal with id 8"
        ),
        (
            .delete, "/crm/associations/2026-09/contacts/deals/labels/9", nil,
            "kind of link with typeId 9 from contacts to deals"
        ),
        (.get, "/crm/properties/2026-09/deals/colour", nil, "property colour of deals"),
        (.get, "/crm/properties/2026-09/deals/groups/kitchen", nil, "property group kitchen of deals"),
        (.get, "/crm/pipelines/2026-09/deals/p", nil, "pipeline with id p of deals"),
        (.get, "/crm/pipelines/2026-09/deals/p/stages/s", nil, "stage with id s in the pipeline with id p of deals"),
        (.get, "/crm/owners/2026-09/5", nil, "owner with id 5"),
        (.get, "/crm/v3/owners/5?idProperty=userId", nil, "owner with userId 5"),
        (.get, "/crm/lists/2026-09/5/memberships", nil, "list with id 5"),
        (.get, "/crm/lists/2026-09/object-type-id/0-1/name/VIPs", nil, "list named VIPs of contact records"),
        (.get, "/crm-object-schemas/2026-09/schemas/cars", nil, "object type cars"),
        (.get, "/crm/v3/schemas/cars", nil, "object type cars"),
        (.get, "/marketing/v3/forms/g-1", nil, "form with id g-1"),
        (.get, "/form-integrations/v1/submissions/forms/g-1", nil, "form with id g-1"),
        (.post, "/submissions/v3/integration/secure/submit/77/g-1", "{}", "form with id g-1 in portal 77"),
        (.get, "/files/v3/files/5", nil, "file with id 5"),
        (.get, "/files/v3/folders/5", nil, "folder with id 5"),
        (.get, "/account-info/2026-09/details", nil, nil),
        (.get, "/cms/v3/pages/5", nil, nil),
    ]

    @Test(arguments: lookups.indices) func `is read off the request`(index: Int) {
        let (method, path, body, words) = Self.lookups[index]
        #expect(LookedUp(APIRequest(method, path, body: body.map { Array($0.utf8) }))?.description == words)
    }

    private func message(_ said: String, _ path: String = "/crm/v3/objects/contacts/7") -> String {
        HubSpotError(APIResponse(status: 404, body: Array(said.utf8)), to: APIRequest(.get, path)).message
    }

    @Test func `stands in the place of words that say less, and beside those that say more`() {
        #expect(message(#"{"message":"resource not found"}"#) == "no contact with id 7")
        #expect(message(#"{"message":"Object not found.  objectId are usually numeric."}"#) == "no contact with id 7")
        #expect(message("") == "no contact with id 7")
        #expect(
            message(#"{"message":"The portal is gone"}"#) == "no contact with id 7; HubSpot says: The portal is gone")
        #expect(message(#"{"message":"nothing here"}"#, "/cms/v3/x") == "nothing here")
    }

    @Test func `is not what a path that does not exist is about`() {
        #expect(message("<html>").contains("no such path"))
        #expect(message("", "/nowhere").contains("no such path"))
    }
}
