import { isObject, type JsonObject } from "../../lib/json.ts";
import { err, ok } from "../../lib/result.ts";
import type { Codec, DownContext, Kind, Objects, References } from "../codec.ts";
import type { Dialect } from "../dialect.ts";
import type { Schemas } from "../shape.ts";
import { check } from "./check.ts";
import { downClass } from "./down.ts";
import { type ClassNode, compiler } from "./plan.ts";
import { type DownRun, DROP, type Rules } from "./rules.ts";
import { upClass } from "./up.ts";

const none: References = { tariffs: [] };

/**
 * The codecs of a version, from its schemas and the rules by which it differs from the model. Schemas are compiled when
 * a codec is first used, so that a cold start pays only for what it needs.
 */
export function defineCodecs<K extends Kind>(
  number: string,
  schemas: Schemas<K>,
  rules: Rules,
  dialect: Dialect,
): { readonly [P in K]: Codec<P> } {
  const compile = compiler({ number, rules, dialect });

  function define<P extends K>(kind: P): Codec<P> {
    const schema = schemas[kind];
    let compiled: ClassNode | undefined;
    const node = (): ClassNode => {
      compiled ??= compile(schema);
      return compiled;
    };
    const bare = rules.bare?.[kind];
    return {
      kind,
      schema,
      parse: (body) => {
        const wire = bare !== undefined && typeof body === "string" ? { result: body } : body;
        const faults = check(node(), wire);
        return faults.length === 0 && isObject(wire) ? ok(wire) : err(faults);
      },
      body: (wire) => (bare === "said" ? (wire.result ?? null) : wire),
      needsUp: (wire) => rules.needsUp?.[kind]?.(wire) ?? none,
      needs: (object) => rules.needs?.[kind]?.(object) ?? none,
      assumed: (wire, context) => rules.assumed?.[kind]?.(wire, context) ?? [],
      up: (wire, context) => upClass(node(), wire, { context }) as Objects[P],
      down: (object, context) => {
        const run = startRun(kind, number, dialect, context);
        const wire = downClass(node(), object as JsonObject, run);
        if (wire === DROP) return { refused: { pointer: "", reason: run.reason } };
        return { wire, losses: run.losses };
      },
    };
  }

  return Object.fromEntries((Object.keys(schemas) as K[]).map((kind) => [kind, define(kind)])) as {
    readonly [P in K]: Codec<P>;
  };
}

function startRun(kind: Kind, version: string, dialect: Dialect, context: DownContext): DownRun {
  return {
    kind,
    version,
    relay: context.origin === version,
    unknownFields: dialect.unknownFields,
    context,
    losses: [],
    parents: [],
    reason: "",
  };
}
