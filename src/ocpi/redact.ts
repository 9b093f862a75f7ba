/** Bytes of a body that the journal keeps. */
const BODY_LIMIT = 32_768;
const HIDDEN = "[redacted]";

/**
 * A message body as the journal may keep it: credentials tokens hidden, cut at 32 kB with a mark that says so.
 * @param text the body as sent or received; null or empty: none
 * @param module OCPI module of the exchange; null when it is not known, which is treated like `credentials`
 * @param secrets tokens known to play a part in this exchange: hidden wherever they stand, Base64 forms too
 */
export function redactBody(
  text: string | null | undefined,
  module: string | null,
  secrets: string[] = [],
): string | null {
  if (text === null || text === undefined || text === "") return null;
  const inner = module === null || module === "credentials" ? hideTokens(text) : text;
  return cut(redactSecrets(inner, secrets));
}

/** A URL as the journal may keep it: no user information, and no known secret in path or query. */
export function redactUrl(url: string, secrets: string[] = []): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`);
  const withoutToken = withoutUser.replace(
    /([?&](?:token|access_token|api_?key|secret|password)=)[^&#]*/gi,
    `$1${HIDDEN}`,
  );
  return redactSecrets(withoutToken, secrets);
}

/** Replaces known secrets, plain and in Base64, in any text: errors, partner's answers. */
export function redactSecrets(text: string, secrets: string[]): string {
  let result = text;
  for (const secret of secrets) {
    // Shorter ones would hide half of every message, and guard nothing.
    if (secret.length < 8) continue;
    for (const form of new Set([secret, base64(secret), base64(`${secret}\n`), encodeURIComponent(secret)])) {
      if (form !== "") result = result.replaceAll(form, HIDDEN);
    }
  }
  return result;
}

/** Hides the text value of every member named `token`, in JSON or what is left of it. */
function hideTokens(text: string): string {
  // A member name may be written with escapes; those few bodies are parsed, all others are handled as text.
  const plain = /\\u00[4-7]/i.test(text) ? (reparsed(text) ?? text) : text;
  return plain.replace(/("token"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)/gi, `$1"${HIDDEN}"`);
}

function reparsed(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return null;
  }
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function cut(text: string): string {
  if (text.length * 3 <= BODY_LIMIT) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= BODY_LIMIT) return text;
  // A character split by the cut is left out.
  const kept = new TextDecoder().decode(bytes.subarray(0, BODY_LIMIT), { stream: true });
  return `${kept}... [cut: ${BODY_LIMIT} of ${bytes.length} bytes kept]`;
}
