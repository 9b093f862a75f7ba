import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Token } from "../model/tokens.ts";
import type { Codec, Fault, Owner, TokenReference } from "../ocpi/codec.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";

// Reading what a partner gives when it is asked: more is forgiven than of what it pushes.

/** An object a partner gave, in the model. */
export interface PulledObject {
  /** As the object, or the connection, says. */
  owner: Owner;
  /** `id`, or `uid` of a Token. */
  id: string;
  model: JsonObject;
  /** Elements of lists that were dropped because their value is unknown. */
  dropped: Fault[];
}

/** Stored Tokens that the way up of elements asks for, by the element's place; one D1 call, or none. */
export async function tokensFor(
  { objects }: Partial<Pick<Ports, "objects">>,
  codec: Codec,
  data: JsonValue[],
): Promise<Map<number, Token>> {
  const wanted: { index: number; token: TokenReference }[] = [];
  for (const [index, element] of data.entries()) {
    const { token } = isObject(element) ? codec.needsUp(element) : {};
    if (token !== undefined) wanted.push({ index, token });
  }
  const found =
    objects === undefined || wanted.length === 0 ? [] : await objects.tokens(wanted.map(({ token }) => token));
  return new Map(wanted.flatMap(({ index }, i) => (found[i] ? [[index, found[i].body as unknown as Token]] : [])));
}

/** An object of a partner, checked and brought up. `token`: the stored one that its way up asks for. */
export function readElement(
  element: JsonValue,
  codec: Codec,
  partner: Partner,
  token: Token | undefined,
): Result<PulledObject, Fault[]> {
  const id = idOf(element);
  if (!isObject(element) || id === null) return err([{ pointer: "", message: "is not an object with an id" }]);
  const parsed = parseTolerant(element, codec);
  if (!parsed.ok) return parsed;
  const [party] = partner.roles;
  const connection = party && { country_code: party.country_code, party_id: party.party_id };
  const said = ownerOf(element);
  const owner = said ?? connection;
  if (!owner) return err([{ pointer: "", message: "does not say whose it is" }]);
  const model = codec.up(parsed.value.wire, {
    owner,
    ...(party ? { role: party.role } : {}),
    ...(token && { token }),
  }) as JsonObject;
  return ok({ owner: ownerOf(model) ?? owner, id, model, dropped: parsed.value.dropped });
}

/**
 * Parses an object; unknown values in a list of enum values are dropped and the object kept, for one new capability of
 * a charger is no reason to lose the charger. (A push of it is refused: there somebody reads the answer.)
 */
function parseTolerant(element: JsonObject, codec: Codec): Result<{ wire: JsonObject; dropped: Fault[] }, Fault[]> {
  const first = codec.parse(element);
  if (first.ok) return ok({ wire: first.value, dropped: [] });
  const dropped = first.error;
  const without = structuredClone(element);
  // From the back, so that the positions in front stay true.
  const places = dropped.map(({ pointer }) => pointer).sort((a, b) => indexOf(b) - indexOf(a));
  if (!places.every((pointer) => dropString(without, pointer))) return err(first.error);
  const second = codec.parse(without);
  return second.ok ? ok({ wire: second.value, dropped }) : err(first.error);
}

/** Removes the text a pointer names from the list it stands in; false when it is no text in a list. */
function dropString(root: JsonObject, pointer: string): boolean {
  const tokens = pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = tokens.pop() ?? "";
  let at: JsonValue | undefined = root;
  for (const token of tokens) {
    if (Array.isArray(at)) at = at[Number(token)];
    else at = isObject(at) && Object.hasOwn(at, token) ? at[token] : undefined;
  }
  const index = Number(last);
  if (!Array.isArray(at) || typeof at[index] !== "string") return false;
  at.splice(index, 1);
  return true;
}

function indexOf(pointer: string): number {
  return Number(pointer.slice(pointer.lastIndexOf("/") + 1)) || 0;
}

/** Below 2.2 objects do not say whose they are: the connection does. */
function ownerOf(object: JsonObject): Owner | null {
  const { country_code, party_id } = object;
  if (typeof country_code !== "string" || typeof party_id !== "string") return null;
  return { country_code: country_code.toUpperCase(), party_id: party_id.toUpperCase() };
}

/** The id of an element, or the uid; null: it has none. */
export function idOf(element: JsonValue): string | null {
  if (!isObject(element)) return null;
  const id = element.id ?? element.uid;
  return typeof id === "string" && id !== "" ? id : null;
}
