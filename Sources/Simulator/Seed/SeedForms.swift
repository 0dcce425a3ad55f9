import JSON
import Wire

/// The four forms that the portal starts with.
enum SeedForms {
    static let all: [JSONValue] = [
        form(
            "11111111-1111-4111-8111-111111111111", "Contact us",
            [
                email(required: true), field("firstname", "First name", "single_line_text"),
                field("lastname", "Last name", "single_line_text", required: true),
                field("message", "Message", "multi_line_text"),
            ], thanks: "Thanks for getting in touch."),
        form(
            "22222222-2222-4222-8222-222222222222", "Newsletter",
            [email(required: true), field("firstname", "First name", "single_line_text")],
            thanks: "You are on the list.",
            consent: [
                "type": "explicit_consent_to_process", "privacyText": "We keep your address to send the newsletter.",
                "consentToProcessText": "I agree to be stored.", "consentToProcessCheckboxLabel": "I agree",
                "communicationConsentText": "We send letters.",
                "communicationsCheckboxes": .array([
                    ["subscriptionTypeId": 999, "label": "Newsletter", "required": false]
                ]),
            ]),
        form(
            "33333333-3333-4333-8333-333333333333", "Guarded", [email(required: true)], thanks: "Thanks.",
            captcha: true),
        form(
            "44444444-4444-4444-8444-444444444444", "Every field",
            [
                email(
                    required: true,
                    validation: ["blockedEmailDomains": ["blocked.example"], "useDefaultBlockList": false]),
                field("phone", "Phone", "phone")
                    .setting("useCountryCodeSelect", to: false)
                    .setting("validation", to: ["minAllowedDigits": 7, "maxAllowedDigits": 20]),
                field("mobilephone", "Mobile", "mobile_phone")
                    .setting("validation", to: ["minAllowedDigits": 7, "maxAllowedDigits": 20]),
                field("firstname", "First name", "single_line_text"), field("message", "Message", "multi_line_text"),
                field("score", "Score", "number").setting(
                    "validation", to: ["minAllowedDigits": 0, "maxAllowedDigits": 100]),
                field("newsletter", "Newsletter", "single_checkbox"),
                choice("interests", "Interests", "multiple_checkboxes", ["soup", "bread", "cheese", "tea", "cake"]),
                choice("favourite_food", "Favourite food", "dropdown", ["soup", "bread", "cake"]),
                choice("hs_lead_status", "Status", "radio", ["NEW", "OPEN"]),
                field("birthday", "Birthday", "datepicker"),
                field("attachment", "Attachment", "file").setting("allowMultipleFiles", to: false),
                field("name", "Company", "single_line_text").setting("objectTypeId", to: "0-2"),
            ], thanks: "https://www.example.org/thanks", redirect: true),
    ]

    private static func field(_ name: String, _ label: String, _ type: String, required: Bool = false) -> JSONValue {
        [
            "objectTypeId": "0-1", "name": .string(name), "label": .string(label), "required": .bool(required),
            "hidden": false, "dependentFields": [], "fieldType": .string(type),
        ]
    }

    private static func email(
        required: Bool, validation: JSONValue = ["blockedEmailDomains": [], "useDefaultBlockList": false]
    ) -> JSONValue {
        field("email", "Email", "email", required: required).setting("validation", to: validation)
    }

    private static func choice(_ name: String, _ label: String, _ type: String, _ values: [String]) -> JSONValue {
        field(name, label, type).setting("defaultValues", to: []).setting(
            "options",
            to: .array(
                values.enumerated().map { index, value in
                    [
                        "label": .string(value.capitalizedFirst), "value": .string(value),
                        "displayOrder": .integer(index),
                        "description": "",
                    ]
                }))
    }

    private static func form(
        _ guid: String, _ name: String, _ fields: [JSONValue], thanks: String, consent: JSONValue = ["type": "none"],
        captcha: Bool = false, redirect: Bool = false
    ) -> JSONValue {
        let time = JSONValue.string(Timestamp.iso(People.firstDay))
        return [
            "id": .string(guid), "name": .string(name), "createdAt": time, "updatedAt": time, "archived": false,
            "fieldGroups": .array(
                fields.map { ["groupType": "default_group", "richTextType": "text", "fields": .array([$0])] }),
            "configuration": [
                "language": "en", "cloneable": true,
                "postSubmitAction": ["type": redirect ? "redirect_url" : "thank_you", "value": .string(thanks)],
                "editable": true, "archivable": true, "recaptchaEnabled": .bool(captcha), "notifyContactOwner": false,
                "notifyRecipients": [], "createNewContactForNewEmail": true, "prePopulateKnownValues": true,
                "allowLinkToResetKnownValues": false, "lifecycleStages": [],
            ],
            // HubSpot's own clients insist on every member of the style.
            "displayOptions": [
                "renderRawHtml": false, "theme": "default_style", "submitButtonText": "Send",
                "style": [
                    "fontFamily": "arial, helvetica, sans-serif", "backgroundWidth": "100%",
                    "labelTextColor": "#33475b",
                    "labelTextSize": "13px", "helpTextColor": "#7C98B6", "helpTextSize": "11px",
                    "legalConsentTextColor": "#33475b", "legalConsentTextSize": "14px", "submitColor": "#ff7a59",
                    "submitAlignment": "left", "submitFontColor": "#ffffff", "submitSize": "12px",
                ], "cssClass": "",
            ], "legalConsentOptions": consent, "formType": "hubspot",
        ]
    }
}
