import HTTPTypes
import Testing

@testable import HubSpot

@Suite("Which writes are asked about") struct ConfirmationStateTests {
    private let deletion = WriteEffect(.delete, "contacts", 1, name: "501")
    private let update = WriteEffect(.update, "contacts", 1)
    private var state = ConfirmationState()

    private mutating func enter(_ effect: WriteEffect, line: Int? = 1) -> ConfirmationState.Step {
        state.enter(effect, line: line, threshold: 100)
    }

    @Test mutating func `a hundred updates of a line go unasked, and the next is asked about for all that follow`() {
        for _ in 1...100 { #expect(enter(update) == .goes) }
        #expect(enter(update) == .asks)
        #expect(enter(update) == .waits)
        let kind = ConfirmationState.Kind(update)
        let question = state.question(kind)
        #expect(question.effect.records == 2)
        #expect(question.written == 100)
        #expect(question.isOpenEnded)
        #expect(state.answer(question, kind, isYes: true) == 2)
        for _ in 1...5_000 { #expect(enter(update) == .goes) }
        #expect(enter(update, line: 2) == .goes)
    }

    @Test mutating func `a list of more is asked about at once, with its number`() {
        let list = WriteEffect(.update, "contacts", 5_000)
        #expect(enter(list) == .asks)
        let question = state.question(.init(list))
        #expect(question.effect.records == 5_000)
        #expect(!question.isOpenEnded)
        #expect(state.answer(question, .init(list), isYes: true) == 1)
        #expect(enter(update) == .asks)
    }

    @Test mutating func `a deletion is asked about, and a second one of the line for all that follow`() {
        let kind = ConfirmationState.Kind(deletion)
        #expect(enter(deletion) == .asks)
        let first = state.question(kind)
        #expect(first.effect == deletion)
        #expect(!first.isOpenEnded)
        #expect(state.answer(first, kind, isYes: true) == 1)
        #expect(enter(deletion) == .asks)
        let second = state.question(kind)
        #expect(second.isOpenEnded)
        #expect(second.written == 1)
        #expect(state.answer(second, kind, isYes: true) == 1)
        #expect(enter(deletion) == .goes)
        #expect(enter(deletion, line: 2) == .asks)
    }

    @Test mutating func `calls that wait together are one question, those that come meanwhile another`() {
        let kind = ConfirmationState.Kind(deletion)
        #expect(enter(deletion) == .asks)
        #expect(enter(deletion) == .waits)
        let question = state.question(kind)
        #expect(question.effect.records == 2)
        #expect(question.effect.name == nil)
        #expect(enter(deletion) == .waits)
        #expect(state.answer(question, kind, isYes: true) == 2)
        #expect(state.question(kind).effect.records == 1)
        state.dropFirst(kind)
        #expect(enter(deletion) == .asks)
    }

    @Test mutating func `a no holds for the rest of the line, and for its kind alone`() {
        let kind = ConfirmationState.Kind(deletion)
        #expect(enter(deletion) == .asks)
        #expect(enter(deletion) == .waits)
        #expect(state.answer(state.question(kind), kind, isYes: false) == 2)
        #expect(enter(deletion) == .refused)
        #expect(enter(WriteEffect(.delete, "deals", 1)) == .asks)
        #expect(enter(update) == .goes)
        #expect(enter(deletion, line: 2) == .asks)
    }
}

@Suite("What a request does") struct WriteEffectTests {
    @Test(arguments: [
        ("DELETE", "/crm/v3/objects/contacts/501", "", "delete 1 contact (501)", false),
        (
            "POST", "/crm/objects/2026-09/contacts/batch/archive", #"{"inputs":[{"id":"1"},{"id":"2"}]}"#,
            "delete 2 contacts", false
        ),
        ("POST", "/crm/v3/objects/contacts/gdpr-delete", "{}", "delete for good 1 contact", true),
        ("POST", "/crm/v3/objects/companies/merge", "{}", "merge away 1 company", true),
        ("DELETE", "/crm/v3/properties/contacts/shoe_size", "", "delete 1 property (shoe_size)", true),
        ("POST", "/crm/v3/properties/contacts/batch/archive", #"{"inputs":[{"name":"a"}]}"#, "delete 1 property", true),
        ("DELETE", "/crm/v3/lists/7", "", "delete 1 list (7)", true),
        ("DELETE", "/crm/v3/pipelines/deals/4711", "", "delete 1 pipeline (4711)", true),
        ("DELETE", "/crm/v3/pipelines/deals/4711/stages/3", "", "delete 1 pipeline stage (3)", true),
        ("DELETE", "/crm-object-schemas/v3/schemas/2-123", "", "delete 1 schema (2-123)", true),
        ("DELETE", "/files/v3/files/42", "", "delete 1 file (42)", true),
        ("DELETE", "/marketing/v3/forms/abc", "", "delete 1 form (abc)", false),
        ("DELETE", "/crm/v4/objects/contacts/1/associations/companies/2", "", "unlink 1 link", false),
        (
            "POST", "/crm/v4/associations/contacts/companies/batch/archive", #"{"inputs":[{},{},{}]}"#,
            "unlink 3 links", false
        ),
        ("POST", "/crm/v3/objects/contacts/batch/update", #"{"inputs":[{},{},{}]}"#, "update 3 contacts", false),
        ("PUT", "/crm/v3/lists/7/memberships/add", #"["1","2"]"#, "write 2 lists", false),
    ]) func `is told in words`(method: String, path: String, body: String, words: String, isFinal: Bool) throws {
        let request = APIRequest(
            try #require(.init(method)), path, body: body.isEmpty ? nil : Array(body.utf8))
        let effect = try #require(WriteEffect(request))
        #expect(effect.words == words)
        #expect(effect.cannotBeUndone == isFinal)
    }

    @Test(arguments: [("GET", "/crm/v3/objects/contacts/1"), ("POST", "/crm/v3/objects/contacts/search")])
    func `is nothing where it reads`(method: String, path: String) throws {
        #expect(WriteEffect(APIRequest(try #require(.init(method)), path)) == nil)
    }
}
