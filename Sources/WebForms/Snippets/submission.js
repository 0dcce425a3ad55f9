// The page, and the visitor's cookie. HubSpot refuses an empty or made-up one, so it is left out where there is none.
function pageContext() {
  const context = { pageName: document.title };
  if (location.protocol.startsWith("http")) context.pageUri = location.href;
  const cookie = document.cookie.match(/(?:^|;\s*)hubspotutk=([0-9a-f]{32})(?:;|$)/i);
  if (cookie) context.hutk = cookie[1];
  return context;
}

// A submission's body: the fields that are shown and answered.
function submissionBody(model, valueOf, agreed, context) {
  const shown = shownKeys(model, valueOf);
  const fields = model.fields.filter((field) => shown.has(field.key) && valueOf(field) !== "").map((field) => (
    { objectTypeId: field.objectTypeId, name: field.name, value: valueOf(field) }));
  return { fields, context, legalConsentOptions: consentOptions(model.consent, agreed) };
}

// The key of the field that one of HubSpot's errors is about, "" where it is about none of the form's.
function errorKey(model, error) {
  const named = /^Error in '(?:fields\.)?([^']+)'/.exec(error.message || "");
  const name = error.field || (named ? named[1] : "");
  const field = model.fields.find((candidate) => candidate.key === name || candidate.name === name);
  return field ? field.key : "";
}

// An error without the path in front, which says nothing to a visitor.
function errorText(error) {
  return (error.message || "").replace(/^Error in '[^']*'\.\s*/, "");
}
