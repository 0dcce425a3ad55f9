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

// Sends a submission: { message, redirectUri } where HubSpot takes it, { errors } where it does not, or where that is not known.
async function send(url, body) {
  const failed = (message) => ({ errors: [{ message }] });
  let response, text;
  try {
    response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch {
    return failed("No answer came. The form may have been sent: please wait a moment before you try again.");
  }
  let answer;
  try {
    answer = JSON.parse(text || "{}");
  } catch {
    // A page of something on the way, or a line of text.
  }
  const isObject = answer !== null && typeof answer === "object" && !Array.isArray(answer);
  if (response.ok) {
    if (!isObject) return failed("The answer could not be read. Please wait a moment before you try again.");
    const redirectUri = typeof answer.redirectUri === "string" && pageAddress(answer.redirectUri);
    return { message: plainText(answer.inlineMessage) || "Thank you.", redirectUri, errors: [] };
  }
  const errors = isObject && Array.isArray(answer.errors) ? answer.errors : [];
  const told = errors.filter((error) => typeof error?.message === "string");
  if (told.length > 0) return { errors: told };
  if (response.status >= 500) {
    return failed("No answer came from behind. The form may have been sent: please wait a moment before you try again.");
  }
  if (response.status === 429) return failed("Too many submissions at once. Please wait a minute.");
  return failed(isObject && typeof answer.message === "string" && answer.message !== "" ? answer.message
    : "The form could not be sent. Please try again.");
}
