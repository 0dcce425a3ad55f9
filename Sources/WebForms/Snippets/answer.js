// The words of rich text, without its markup.
function plainText(html) {
  return new DOMParser().parseFromString(html || "", "text/html").body.textContent.trim();
}

// The address, where a page may be led to it: a form's definition is data, and never a script.
function pageAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text, location.href).protocol) ? text : undefined;
  } catch {
    return undefined;
  }
}

// Sends a submission: { message, redirectUri } where HubSpot takes it, { errors } where it does not.
async function send(url, body) {
  let response, answer;
  try {
    response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    answer = await response.json().catch(() => ({}));
  } catch {
    return { errors: [{ message: "The form could not be sent. Please try again." }] };
  }
  if (response.ok) {
    const redirectUri = answer.redirectUri && pageAddress(answer.redirectUri);
    return { message: plainText(answer.inlineMessage), redirectUri, errors: [] };
  }
  if (Array.isArray(answer.errors) && answer.errors.length > 0) return { errors: answer.errors };
  const busy = response.status === 429;
  return { errors: [{ message: busy ? "Too many submissions at once. Please wait a minute."
    : answer.message || "The form could not be sent. Please try again." }] };
}
