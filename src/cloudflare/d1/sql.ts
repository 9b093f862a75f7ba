/** What D1 takes as a bound parameter. Numbers are bound as REAL: compare them with INTEGER columns only. */
export type Param = string | number | null;

/** A piece of SQL text with the parameters of its `?`, in order. */
export interface Sql {
  readonly text: string;
  readonly params: readonly Param[];
}

/**
 * SQL from a template: a {@link Sql} is spliced in, any other value becomes a bound parameter. Hot statements are written in
 * it rather than with drizzle's builder, which costs more than the query (a fifth of a read); their text depends on the shape of a
 * question only, never on its values.
 */
export function sql(strings: TemplateStringsArray, ...values: (Sql | Param)[]): Sql {
  let text = strings[0] ?? "";
  const params: Param[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value === "object" && value !== null) {
      text += value.text;
      params.push(...value.params);
    } else {
      text += "?";
      params.push(value);
    }
    text += strings[index + 1] ?? "";
  }
  return { text, params };
}

/** A constant of this program as SQL text. Never for anything that came from outside. */
export const raw = (text: string): Sql => ({ text, params: [] });

/** Conditions of which all must hold; none: true. */
export function allOf(conditions: readonly Sql[]): Sql {
  if (conditions.length === 0) return raw("1");
  return {
    text: conditions.map(({ text }) => `(${text})`).join(" AND "),
    params: conditions.flatMap(({ params }) => params),
  };
}

/** A statement of the database, parameters bound. */
export const prepare = (db: D1Database, { text, params }: Sql): D1PreparedStatement => db.prepare(text).bind(...params);
