extension WebForm {
    /// What HubSpot would refuse of a submission or drop, found before it is sent. The `errorType`s are HubSpot's own (source:
    /// Submit data to a form).
    package struct Problem: Sendable, Equatable {
        /// As HubSpot's errors name it: a field's name, a part of the body such as `context.hutk`; nil where the whole form is
        /// meant.
        package var field: String?
        package var errorType: String
        /// For the person who has made the submission.
        package var message: String
        /// False where HubSpot accepts the submission all the same: it drops the value, or there is something to know.
        package var isRefused: Bool
        /// The same in HubSpot's answer, without the place in front.
        var answered: String
        /// Whether it is about a value: HubSpot calls its place `fields.NAME`.
        var isOfValue: Bool

        /// - Parameter answered: The message where it is left out.
        package init(
            field: String?, errorType: String, message: String, isRefused: Bool = true, answered: String? = nil,
            isOfValue: Bool = false
        ) {
            self.field = field
            self.errorType = errorType
            self.message = message
            self.isRefused = isRefused
            self.answered = answered ?? message
            self.isOfValue = isOfValue
        }

        static func captcha(of form: String) -> Self {
            Self(
                field: nil, errorType: "FORM_HAS_RECAPTCHA_ENABLED",
                message: "Form '\(form)' can't receive API submissions as Captcha (SPAM prevention) is enabled.")
        }

        /// `Error in 'fields.email'. Invalid email address`.
        package var answer: String {
            guard let field else { return answered }
            return "Error in '\(isOfValue ? "fields." : "")\(field)'. \(answered)"
        }
    }
}
