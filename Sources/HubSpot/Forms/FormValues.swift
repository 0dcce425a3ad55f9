import JSON
import WebForms
import Wire

/// The definitions of a form and of the portal's properties, as far as they can be read.
struct FormKnowledge: Sendable {
    var form: WebForm?
    /// The types of the properties that fields beside the form's own would be stored in, by object type.
    var types: [String: PropertyTypes] = [:]
    /// Why there is no definition.
    var unreadable: HubSpotError?

    /// The submission with values as forms take them: a date in milliseconds at midnight in UTC, an address without
    /// white space around it. What a field takes, the form's definition says, or that of the property in which it is
    /// stored; where neither can be read, a date is known by its shape and a number goes as its digits.
    /// - Throws: kind `invalidArgument` for a number that is no day where the field takes one.
    func settling(_ submission: FormSubmission) throws(HubSpotError) -> FormSubmission {
        var settled = submission
        for place in settled.fields.indices {
            let field = settled.fields[place]
            let own = form?.field(field.objectTypeID, field.name)
            if own?.type == "email" || field.objectTypeID == "0-1" && field.name == "email" {
                settled.fields[place].value = EmailAddress.trimmed(field.value)
            }
            guard let given = field.time else { continue }
            settled.fields[place].time = nil
            let kind =
                own.map { $0.type == "datepicker" ? .day : .text } ?? types[field.objectTypeID]?[field.name]?.kind
            if let kind, kind.isTime {
                let time = try given.time(of: field.name, isDay: kind == .day)
                settled.fields[place].value = String(time.milliseconds)
            } else if case .date(let time) = given {
                settled.fields[place].value = String(time.milliseconds)
            }
        }
        return settled
    }
}

extension Forms {
    /// The definitions that a submission is judged by. Definitions that cannot be read are no reason not to send it.
    /// - Throws: what reading the form's definition throws where `isStrict`, but for kinds `forbidden` and
    ///   `notAllowed`.
    /// - Parameter isThorough: The portal's properties are read whatever the fields are.
    func knowledge(
        of submission: FormSubmission, isStrict: Bool, refresh: Bool = false, isThorough: Bool = false
    ) async throws(HubSpotError) -> FormKnowledge {
        do throws(HubSpotError) {
            guard isStrict else {
                return try await WritePlan.uncounted { () async throws(HubSpotError) in
                    try await knowledge(of: submission, refresh: refresh, isThorough: isThorough)
                }
            }
            return try await knowledge(of: submission, refresh: refresh, isThorough: isThorough)
        } catch {
            let isHarmless = isStrict ? [.forbidden, .notAllowed].contains(error.kind) : error.kind != .cancelled
            guard isHarmless else { throw error }
            return FormKnowledge(unreadable: error)
        }
    }

    private func knowledge(
        of submission: FormSubmission, refresh: Bool, isThorough: Bool
    ) async throws(HubSpotError) -> FormKnowledge {
        let document = try await get(submission.formGuid, refresh: refresh)
        guard let form = WebForm(document) else {
            throw HubSpotError(.badResponse, "HubSpot's answer is no form's definition")
        }
        return FormKnowledge(form: form, types: try await types(beside: form, submission, isThorough: isThorough))
    }

    /// The portal's properties of the types of which a submission holds a field that the form lacks: empty for a type that the
    /// portal does not know, and left out where they may not be read.
    private func types(
        beside form: WebForm, _ submission: FormSubmission, isThorough: Bool
    ) async throws(HubSpotError) -> [String: PropertyTypes] {
        let others = submission.fields.filter { isThorough || form.field($0.objectTypeID, $0.name) == nil }
        guard submission.isSecure || isThorough else { return [:] }
        var types: [String: PropertyTypes] = [:]
        for id in Set(others.map(\.objectTypeID)) {
            let type = ObjectType(id)
            guard type.isWellFormed else {
                types[id] = PropertyTypes.ofUnknownType
                continue
            }
            let path = session.paths.properties(id)
            do throws(HubSpotError) {
                types[id] = session.schemas.types(path, of: try await session.definitions(path), type)
            } catch  where [.notFound, .validation].contains(error.kind) {
                types[id] = PropertyTypes.ofUnknownType
            } catch  where [.forbidden, .notAllowed].contains(error.kind) {}
        }
        return types
    }
}
