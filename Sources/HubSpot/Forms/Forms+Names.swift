package import JSON
package import WebForms
import Words

/// A form that was looked up: its definition, and the same as a visitor meets it.
package struct OpenForm: Sendable {
    package var definition: JSONSlice
    package var form: WebForm
}

extension Forms {
    /// The form that is meant by its GUID or its name.
    /// - Throws: As ``id(of:refresh:)``.
    package func open(_ reference: String, refresh: Bool = false) async throws(HubSpotError) -> OpenForm {
        let definition = try await get(reference, refresh: refresh)
        guard let form = WebForm(definition) else {
            throw HubSpotError(.badResponse, "HubSpot's answer is no form's definition")
        }
        return OpenForm(definition: definition, form: form)
    }

    /// The GUID of the form that is meant: itself, or that of the form with this name, or of the only one whose name differs in case
    /// alone. Names are looked up in the portal's list of forms, which the session keeps for some minutes.
    /// - Throws: kind `notFound` where no form is meant, `invalidArgument` where several are; the message lists names.
    package func id(of reference: String, refresh: Bool = false) async throws(HubSpotError) -> String {
        if FormReference.isGUID(reference) { return reference }
        var names = try await names(refresh: refresh)
        do throws(FormReference.Unclear) {
            return try FormReference.id(of: reference, among: names)
        } catch {
            // It may have been made since.
            if !refresh, case .unknown = error { names = try await self.names(refresh: true) }
        }
        do throws(FormReference.Unclear) {
            return try FormReference.id(of: reference, among: names)
        } catch {
            throw error.refusal(of: reference)
        }
    }

    /// The portal's forms by name.
    package func names(refresh: Bool = false) async throws(HubSpotError) -> [FormReference.Named] {
        try await all(refresh: refresh).compactMap { form in
            guard let id = form.field("id")?.string else { return nil }
            return FormReference.Named(id: id, name: form.field("name")?.string ?? "")
        }
    }

    /// The portal's definitions, as far as a list of some thousands goes.
    package func all(refresh: Bool = false) async throws(HubSpotError) -> [JSONSlice] {
        var all: [JSONSlice] = []
        var after: String?
        repeat {
            let page = try await WritePlan.uncounted { () async throws(HubSpotError) in
                try await list(limit: 100, after: after, refresh: refresh)
            }
            all += page.slice.field("results")?.elements() ?? []
            after = page.next
        } while after != nil && all.count < 10_000
        return all
    }
}

/// A form as people call it: decides which one is meant. A pure function of the portal's names.
package enum FormReference {
    package struct Named: Sendable, Equatable {
        package var id: String
        package var name: String
    }

    enum Unclear: Error, Equatable {
        /// No form has the name; all that there are.
        case unknown([Named])
        /// Several have it.
        case several([Named])

        func refusal(of reference: String) -> HubSpotError {
            switch self {
            case .unknown(let all):
                let names = all.map(\.name)
                let listed = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
                let more = names.count > 12 ? " and \(names.count - 12) more" : ""
                return HubSpotError(
                    .notFound,
                    "no form is named '\(reference)'\(NearestName.hint(for: reference, among: names)); "
                        + (all.isEmpty ? "the portal has no forms" : "the portal's forms are \(listed)\(more)"))
            case .several(let some):
                let listed = some.map { "'\($0.name)' \($0.id)" }.joined(separator: ", ")
                return .invalidArgument(
                    "\(some.count) forms are named '\(reference)': \(listed); give the id of the one that is meant")
            }
        }
    }

    /// 8, 4, 4, 4 and 12 hexadecimal digits.
    package static func isGUID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit } }
    }

    /// The exact name before one that differs in case.
    static func id(of name: String, among all: [Named]) throws(Unclear) -> String {
        let exact = all.filter { $0.name == name }
        let found = exact.isEmpty ? all.filter { $0.name.lowercased() == name.lowercased() } : exact
        guard let first = found.first else { throw .unknown(all) }
        guard found.count == 1 else { throw .several(found) }
        return first.id
    }
}
