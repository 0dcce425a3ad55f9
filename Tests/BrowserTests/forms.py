"""Definitions of forms for the tests."""


def field(name, label, kind, **more):
    return {"objectTypeId": "0-1", "name": name, "label": label, "required": False, "hidden": False,
            "dependentFields": [], "fieldType": kind, **more}


def email(label="Email", **more):
    validation = {"blockedEmailDomains": ["blocked.example"], "useDefaultBlockList": False}
    return field("email", label, "email", **{"required": True, "validation": validation, **more})


def options(*values):
    return [{"label": value.capitalize(), "value": value, "displayOrder": place} for place, value in enumerate(values)]


def form(name, fields, consent=None, thanks="Thanks", button="Send", captcha=False):
    return {
        "name": name, "formType": "hubspot", "createdAt": "2026-11-01T00:00:00Z", "archived": False,
        "fieldGroups": [{"groupType": "default_group", "richTextType": "text", "fields": [one]} for one in fields],
        "configuration": {
            "language": "en", "createNewContactForNewEmail": True, "editable": True, "archivable": True, "cloneable": True,
            "postSubmitAction": {"type": "thank_you", "value": thanks}, "prePopulateKnownValues": True,
            "allowLinkToResetKnownValues": False, "notifyContactOwner": False, "notifyRecipients": [],
            "recaptchaEnabled": captcha, "lifecycleStages": [],
        },
        "displayOptions": {
            "renderRawHtml": False, "theme": "default_style", "submitButtonText": button, "cssClass": "",
            "style": {
                "fontFamily": "arial", "backgroundWidth": "100%", "labelTextColor": "#33475b", "labelTextSize": "13px",
                "helpTextColor": "#7C98B6", "helpTextSize": "11px", "legalConsentTextColor": "#33475b",
                "legalConsentTextSize": "14px", "submitColor": "#ff7a59", "submitAlignment": "left",
                "submitFontColor": "#ffffff", "submitSize": "12px",
            },
        },
        "legalConsentOptions": consent or {"type": "none"},
    }


def dependent(name, operator, values, inner):
    """A field that appears with some answers to the one that holds it."""
    return {"dependentCondition": {"operator": operator, "value": values[0], "values": values, "rangeStart": "", "rangeEnd": ""},
            "dependentField": inner}


EVERYTHING = form(
    "Everything",
    [
        email(),
        field("firstname", "First name", "single_line_text", placeholder="Ada", description="As on your passport"),
        field("message", "Message", "multi_line_text"),
        field("score", "Score", "number", validation={"minAllowedDigits": 0, "maxAllowedDigits": 100}),
        field("phone", "Phone", "phone", validation={"minAllowedDigits": 7, "maxAllowedDigits": 20}),
        field("mobilephone", "Mobile", "mobile_phone", validation={"minAllowedDigits": 7, "maxAllowedDigits": 20}),
        field("birthday", "Birthday", "datepicker"),
        field("favourite_food", "Favourite food", "dropdown", options=options("soup", "bread", "cake"), defaultValues=[],
              dependentFields=[
                  dependent("favourite_food", "set_any", ["cake"], field("city", "Which bakery", "single_line_text")),
              ]),
        field("hs_lead_status", "Status", "radio", options=options("NEW", "OPEN"), defaultValues=[],
              dependentFields=[
                  dependent("hs_lead_status", "eq", ["OPEN"], field("jobtitle", "Whose turn", "single_line_text")),
              ]),
        field("interests", "Interests", "multiple_checkboxes", options=options("soup", "bread", "cheese", "tea", "cake"),
              defaultValues=[]),
        field("newsletter", "Newsletter", "single_checkbox"),
        field("attachment", "Attachment", "file", allowMultipleFiles=False),
        field("lifecyclestage", "Stage", "single_line_text", hidden=True, defaultValue="lead"),
        field("name", "Company", "single_line_text", objectTypeId="0-2"),
    ],
    consent={
        "type": "explicit_consent_to_process", "privacyText": "We keep your address.",
        "consentToProcessText": "I agree to be stored.", "consentToProcessCheckboxLabel": "I agree",
        "communicationConsentText": "We send letters.",
        "communicationsCheckboxes": [{"subscriptionTypeId": 999, "label": "Newsletter letters", "required": False}],
    },
)

ATTACK = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>\"'`${1}"

HOSTILE = form(
    f"Hostile {ATTACK}",
    [
        email(label=f"Email {ATTACK}", description=ATTACK, placeholder=ATTACK),
        field("message", f"Message {ATTACK}", "multi_line_text"),
        field("favourite_food", f"Food {ATTACK}", "dropdown", defaultValues=[],
              options=[{"label": ATTACK, "value": ATTACK, "displayOrder": 0}]),
        field("interests", f"Interests {ATTACK}", "multiple_checkboxes", defaultValues=[],
              options=[{"label": ATTACK, "value": "soup", "displayOrder": 0}]),
    ],
    thanks=ATTACK, button=f"Send {ATTACK}",
    consent={
        "type": "implicit_consent_to_process", "privacyText": ATTACK, "consentToProcessText": ATTACK,
        "communicationConsentText": ATTACK,
        "communicationsCheckboxes": [{"subscriptionTypeId": 999, "label": ATTACK, "required": False}],
    },
)
