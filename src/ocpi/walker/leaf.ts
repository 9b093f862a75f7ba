import { fromNumber, parseDecimal, round, toText } from "../../lib/decimal.ts";
import type { JsonValue } from "../../lib/json.ts";
import { formatSeconds, formatTime, isTime, parseLooseTime } from "../../lib/time.ts";
import type { Leaf } from "../../model/atoms.ts";
import { aliasId, misfit } from "../alias.ts";
import { FRACTION } from "../codec.ts";
import type { Dialect } from "../dialect.ts";
import { type DownRun, DROP, type Rules, type Said } from "./rules.ts";

/** A leaf of a wire schema, ready to be checked and translated. */
export interface LeafCodec {
  readonly kind: "leaf";
  /** What is wrong with a wire value, undefined when nothing is. */
  readonly check: (wire: unknown) => string | undefined;
  /** Model value of a checked wire value; absent when they are the same. */
  readonly up?: (wire: JsonValue) => JsonValue;
  /** Whether the wire's own wording must be kept beside the model value, which would be said differently. */
  readonly keep?: (wire: JsonValue, value: JsonValue) => boolean;
  readonly down: (value: JsonValue, run: DownRun) => Said;
}

/** What the leaves of a version depend on. */
export interface LeafStyle {
  readonly rules: Rules;
  readonly dialect: Dialect;
}

function drop(run: DownRun, reason: string): typeof DROP {
  run.reason = reason;
  return DROP;
}

const lose = (run: DownRun, reason: string): void => {
  run.losses.push({ pointer: "", reason });
};

function textLeaf(leaf: Leaf): LeafCodec {
  const { max, over } = leaf;
  return {
    kind: "leaf",
    check: (wire) => (typeof wire === "string" ? undefined : "must be a string"),
    down: (value, run) => {
      if (typeof value !== "string") return drop(run, "is not a string");
      if (run.relay) return value;
      const why = misfit(value, leaf);
      if (why === undefined) return value;
      if (over === "alias") {
        const alias = aliasId(value);
        lose(run, `${why}: goes by ${alias}`);
        return alias;
      }
      if (over === "cut" && max !== undefined) {
        lose(run, `cut to ${max} characters`);
        return [...value].slice(0, max).join("");
      }
      return drop(run, why);
    },
  };
}

function enumLeaf(leaf: Leaf, { rules, dialect }: LeafStyle): LeafCodec {
  const name = leaf.enum ?? "";
  const values = new Set(leaf.values);
  const folded = new Map([...values].map((value) => [value.toLowerCase(), value]));
  const fallbacks = new Map(Object.entries(rules.enums[name] ?? {}));
  const meanings = new Map(Object.entries(rules.meanings?.[name] ?? {}));
  return {
    kind: "leaf",
    check: (wire) => {
      if (typeof wire !== "string") return "must be a string";
      if (leaf.open || values.has(wire) || folded.has(wire.toLowerCase())) return undefined;
      return `must be one of ${[...values].join(", ")}`;
    },
    up: (wire) => {
      const text = wire as string;
      const value = values.has(text) ? text : (folded.get(text.toLowerCase()) ?? text);
      return meanings.get(value) ?? value;
    },
    keep: (wire, value) => wire !== value,
    down: (value, run) => {
      if (typeof value !== "string") return drop(run, "is not a string");
      if (values.has(value) || (leaf.open && run.relay)) return value;
      const fallback = fallbacks.get(value) ?? (leaf.open && dialect.openEnums ? undefined : fallbacks.get("*"));
      if (typeof fallback === "string") {
        lose(run, `${value} is said as ${fallback} in ${run.version}`);
        return fallback;
      }
      if (fallback !== undefined) return drop(run, fallback.leaveOut);
      return leaf.open && dialect.openEnums ? value : drop(run, `${value} is no ${name} of ${run.version}`);
    },
  };
}

const cutFraction = (text: string, digits: number): string =>
  text.replace(/\.(\d+)/, (_, fraction: string) => (digits === 0 ? "" : `.${fraction.slice(0, digits)}`));

const inUtc = (text: string): string => (text.endsWith("Z") ? text : `${text}Z`);

/** A DateTime, in the model always with its `Z`; how it was written is kept where the version allows to write it so. */
function dateLeaf({ dialect }: LeafStyle): LeafCodec {
  const down = (value: JsonValue, run: DownRun): Said => {
    if (typeof value !== "string") return drop(run, "is not a DateTime");
    let text = value;
    if (!isTime(text)) {
      const ms = parseLooseTime(text);
      if (ms === undefined) return drop(run, "is not a DateTime");
      text = formatTime(ms);
    }
    if (!run.relay) text = inUtc(text);
    if (dialect.fractions ? !run.relay && /\.\d{4}/.test(text) : text.includes(".")) {
      const cut = cutFraction(text, dialect.fractions ? 3 : 0);
      if (/[1-9]/.test(text.slice(19 + (dialect.fractions ? 4 : 0)))) lose(run, FRACTION);
      text = cut;
    }
    return text;
  };
  return {
    kind: "leaf",
    check: (wire) => {
      if (typeof wire !== "string") return "must be a DateTime";
      if (isTime(wire) || parseLooseTime(wire) !== undefined) return undefined;
      return "must be a DateTime, such as 2026-01-31T12:00:00Z";
    },
    up: (wire) => {
      const text = wire as string;
      if (isTime(text)) return inUtc(text);
      const ms = parseLooseTime(text) ?? 0;
      return ms % 1000 === 0 ? formatSeconds(ms) : formatTime(ms);
    },
    keep: (wire, value) => wire !== value && (dialect.dateOffsets || isTime(wire as string)),
    down,
  };
}

const isDecimal = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

function decimalText(value: number): string {
  const exact = fromNumber(value);
  return exact === undefined ? "0" : toText(exact);
}

const decimalLeaf: LeafCodec = {
  kind: "leaf",
  check: (wire) => {
    if (typeof wire === "number") return Number.isFinite(wire) ? undefined : "must be a decimal";
    if (typeof wire !== "string" || !isDecimal(wire)) return 'must be a decimal, such as "0.25"';
    return Number.isFinite(Number(wire)) ? undefined : "is too large a number";
  },
  up: (wire) => Number(wire),
  keep: (wire, value) => decimalText(value as number) !== wire,
  down: (value, run) =>
    typeof value === "number" && Number.isFinite(value) ? decimalText(value) : drop(run, "is not a number"),
};

function numberLeaf({ integer, max }: Leaf): LeafCodec {
  return {
    kind: "leaf",
    check: (wire) => (typeof wire === "number" && Number.isFinite(wire) ? undefined : "must be a number"),
    down: (value, run) => {
      if (typeof value !== "number" || !Number.isFinite(value)) return drop(run, "is not a number");
      if (run.relay) return value;
      if (max !== undefined && Math.abs(value) >= 10 ** max) return drop(run, `has more than ${max} digits`);
      if (!integer || Number.isInteger(value)) return value;
      lose(run, `rounded to ${Math.round(value)}`);
      return Math.round(value);
    },
  };
}

const booleanLeaf: LeafCodec = {
  kind: "leaf",
  check: (wire) => (typeof wire === "boolean" ? undefined : "must be true or false"),
  down: (value, run) => (typeof value === "boolean" ? value : drop(run, "is not true or false")),
};

function coordinateLeaf({ rules }: LeafStyle): LeafCodec {
  const { min, max } = rules.coordinateDecimals;
  return {
    kind: "leaf",
    check: (wire) => (typeof wire === "string" ? undefined : "must be a string of decimal degrees"),
    down: (value, run) => {
      if (typeof value !== "string") return drop(run, "is not a coordinate");
      if (run.relay) return value;
      const exact = isDecimal(value) ? parseDecimal(value) : undefined;
      if (exact === undefined) return drop(run, `${value} is not a coordinate`);
      if (exact.scale >= min && exact.scale <= max) return value;
      if (exact.scale > max) lose(run, `rounded to ${max} decimals`);
      const [whole, fraction = ""] = toText(round(exact, max)).split(".");
      return `${whole}.${fraction.padEnd(min, "0")}`;
    },
  };
}

/** The codec of a leaf in a version. */
export function leafCodec(leaf: Leaf, style: LeafStyle): LeafCodec {
  switch (leaf.leaf) {
    case "string":
      return textLeaf(leaf);
    case "enum":
      return enumLeaf(leaf, style);
    case "date":
      return dateLeaf(style);
    case "decimal":
      return decimalLeaf;
    case "number":
      return numberLeaf(leaf);
    case "boolean":
      return booleanLeaf;
    case "coordinate":
      return coordinateLeaf(style);
  }
}
