import JSON
import WebForms

extension HubSpotError {
    /// The refusal that a submission would get, in the shape of HubSpot's own.
    static func refusal(_ problems: [WebForm.Problem], request: String) -> HubSpotError {
        HubSpotError(
            .validation,
            "HubSpot would refuse it: "
                + problems.map(\.words).joined(separator: "; "),
            errors: problems.map { problem in
                .object([
                    "message": .string(problem.message), "errorType": .string(problem.errorType),
                    "field": problem.field.map { .string($0) },
                ])
            }, request: request)
    }

    /// This refusal with the `field` that each of its errors is about, as HubSpot's text names it: `email` for
    /// `Error in 'fields.email'. Invalid email address`, `context.hutk` for `Error in 'context.hutk'. ...`.
    func namingFields() -> HubSpotError {
        var error = self
        error.errors = errors.map { entry in
            guard entry.members != nil, entry["field"] == nil,
                let match = entry["message"]?.string?.firstMatch(of: /^Error in '(?:fields\.)?([^']+)'/)
            else { return entry }
            return entry.setting("field", to: .string(String(match.output.1)))
        }
        return error
    }
}
