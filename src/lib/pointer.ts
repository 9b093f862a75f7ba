/** A reference token escaped for a JSON Pointer. Spec: RFC 6901, 3. */
export function escapeToken(token: string | number): string {
  const text = String(token);
  return /[~/]/.test(text) ? text.replaceAll("~", "~0").replaceAll("/", "~1") : text;
}

/** A JSON Pointer from reference tokens; none: the whole document (`""`). */
export const joinPointer = (...tokens: readonly (string | number)[]): string =>
  tokens.map((token) => `/${escapeToken(token)}`).join("");

/** The reference tokens of a JSON Pointer, unescaped; undefined when it is not one. */
export function splitPointer(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * The value a JSON Pointer names, undefined when there is none. Only own properties and plain array indexes resolve.
 * Spec: RFC 6901, 4.
 */
export function resolvePointer(document: unknown, pointer: string): unknown {
  const tokens = splitPointer(pointer);
  if (tokens === undefined) return undefined;
  let value = document;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9][0-9]*)$/.test(token)) return undefined;
    if (!Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}

/**
 * Prefixes the pointers of all items since `mark` with a token: what was found inside a value is told of where that value is.
 * Walkers build pointers this way, so that they cost nothing where nothing is found.
 */
export function moveInto(found: { pointer: string }[], mark: number, token: string | number): void {
  for (let index = mark; index < found.length; index++) {
    const item = found[index] as { pointer: string };
    item.pointer = `/${escapeToken(token)}${item.pointer}`;
  }
}
