import * as v from "valibot";

/** Every type an event may have, by its first part. A new type is added here, or nobody can ask for it. Contract: Events. */
const BY_RESOURCE = {
  partner: ["registered", "updated", "unregistered", "unreachable", "recovered"],
  location: ["changed"],
  tariff: ["changed", "deleted"],
  token: ["changed"],
  session: ["changed", "deleted", "stale"],
  cdr: ["received"],
  command: ["received", "result"],
  charging_profile: ["received", "result", "updated"],
  charging_preferences: ["received"],
  client_info: ["changed"],
  delivery: ["failed"],
  translation: ["loss"],
} as const;

/** All types. */
export const EVENT_TYPES: readonly string[] = Object.entries(BY_RESOURCE).flatMap(([resource, verbs]) =>
  verbs.map((verb) => `${resource}.${verb}`),
);

/** What a filter may name: `*`, `session.*`, `session.changed`. */
const FILTERS: readonly string[] = ["*", ...Object.keys(BY_RESOURCE).map((name) => `${name}.*`), ...EVENT_TYPES];

const isKnown = (type: string): boolean => FILTERS.includes(type);
const partsOf = (text: string): string[] =>
  text
    .split(",")
    .map((type) => type.trim())
    .filter((type) => type !== "");

const KNOWN = `known are ${EVENT_TYPES.join(", ")}, the same with * behind the dot, and *`;
const unknownIn = (types: readonly string[]): string => {
  const unknown = types.filter((type) => !isKnown(type));
  return `${unknown.map((type) => JSON.stringify(type)).join(", ")} ${unknown.length === 1 ? "is no event type" : "are no event types"}; ${KNOWN}`;
};

const text = v.pipe(
  v.string(),
  v.maxLength(2000, "is longer than 2000 characters"),
  v.check(
    (types) => partsOf(types).every(isKnown),
    ({ input }) => unknownIn(partsOf(input)),
  ),
  v.metadata({ examples: ["session.*,cdr.received"] }),
);
const list = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.check(isKnown, ({ input }) => unknownIn([input])),
      v.metadata({ enum: FILTERS }),
    ),
  ),
  v.maxLength(100, "has more than 100 members"),
);

/** A filter as text, of a query. None: all. */
export const TypesText = v.pipe(
  text,
  v.description(`Comma-separated; \`session.*\` allowed. None: all. Types: ${EVENT_TYPES.join(", ")}.`),
  v.transform(partsOf),
);

/** A filter as a list or text, of a body. None: all. */
export const Types = v.pipe(
  v.union([list, text]),
  v.description("Event types, `session.*` allowed, as a list or comma-separated. None: all."),
  v.transform((given) => (typeof given === "string" ? partsOf(given) : given)),
);
