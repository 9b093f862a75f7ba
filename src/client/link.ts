/** Longest `Link` header that is read; a longer one is treated as absent. */
const MAX_LENGTH = 8192;

/**
 * The URL of the next page in a `Link` header, exactly as the server wrote it (it may be relative), or null on the
 * last page. Tolerant: several links, any parameter order, quoted or bare `rel`, several relations in one `rel`,
 * any case, commas and semicolons inside the URL. A scanner instead of a pattern, so that no input makes it slow.
 * Spec: 2.2.1 transport_and_format, Paginated Response; RFC 8288, section 3.
 */
export function nextLink(header: string | null): string | null {
  if (header === null || header.length > MAX_LENGTH) return null;
  let at = 0;
  while (at < header.length) {
    const open = header.indexOf("<", at);
    const close = open < 0 ? -1 : header.indexOf(">", open);
    if (close < 0) return null;
    const end = endOfParameters(header, close + 1);
    if (relations(header.slice(close + 1, end)).includes("next")) return header.slice(open + 1, close).trim();
    at = end + 1;
  }
  return null;
}

/** Where this link's parameters stop: at a comma outside quotes, or at the end. */
function endOfParameters(header: string, from: number): number {
  let quoted = false;
  for (let i = from; i < header.length; i++) {
    const c = header[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (c === "," && !quoted) return i;
  }
  return header.length;
}

function relations(parameters: string): string[] {
  for (const parameter of parameters.split(";")) {
    const equals = parameter.indexOf("=");
    if (equals < 0 || parameter.slice(0, equals).trim().toLowerCase() !== "rel") continue;
    return parameter
      .slice(equals + 1)
      .replaceAll('"', "")
      .replaceAll("'", "")
      .trim()
      .toLowerCase()
      .split(/\s+/);
  }
  return [];
}
