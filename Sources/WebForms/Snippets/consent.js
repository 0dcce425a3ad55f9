// What the visitor agreed to, as HubSpot takes it. `agreed`: { process, communications: { 999: true } }.
function consentOptions(consent, agreed) {
  if (consent.type === "none") return undefined;
  if (consent.type === "legitimate_interest") {
    return {
      legitimateInterest: {
        value: true, subscriptionTypeId: consent.subscriptionTypeIds[0],
        legalBasis: consent.basis.toLowerCase() === "lead" ? "LEAD" : "CUSTOMER",
        text: consent.privacyText || "Legitimate interest",
      },
    };
  }
  const isImplicit = consent.type === "implicit_consent_to_process";
  return {
    consent: {
      consentToProcess: isImplicit || Boolean(agreed.process), text: consent.agreedText,
      communications: consent.communications.map((communication) => ({
        value: Boolean(agreed.communications[communication.subscriptionTypeId]),
        subscriptionTypeId: communication.subscriptionTypeId, text: communication.label || "I agree.",
      })),
    },
  };
}
