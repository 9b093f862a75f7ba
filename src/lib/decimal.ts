/** An exact decimal: `units` × 10^-`scale`. Enough for money on the wire; pricing has its own rationals. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const form = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The decimal a text such as `-12.50` or `1e-7` says; undefined when it says none. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[3] ?? "";
  const units = BigInt(`${parts[2]}${fraction}`) * (parts[1] === "-" ? -1n : 1n);
  const scale = fraction.length - Number(parts[4] ?? 0);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** The decimal that a double is written as: 0.1 is one tenth. Undefined for NaN and infinities. */
export const fromNumber = (value: number): Decimal | undefined => parseDecimal(String(value));

/** The double nearest to a decimal. */
export const toNumber = (value: Decimal): number => Number(toText(value));

/** A decimal without exponent, as short as it is exact: `0.25`, `-3`. */
export function toText(value: Decimal): string {
  const negative = value.units < 0n;
  const digits = String(negative ? -value.units : value.units).padStart(value.scale + 1, "0");
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** a + b. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) + rescale(b, scale), scale };
}

/** a − b. */
export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, { units: -b.units, scale: b.scale });

/** a ÷ b to `scale` decimals, halves away from zero. Throws when b is 0. */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  const numerator = a.units * 10n ** BigInt(scale + b.scale);
  return { units: divideRounded(numerator, b.units * 10n ** BigInt(a.scale)), scale };
}

/** A decimal to at most `scale` decimals, halves away from zero. */
export function round(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  return { units: divideRounded(value.units, 10n ** BigInt(value.scale - scale)), scale };
}

const rescale = (value: Decimal, scale: number): bigint => value.units * 10n ** BigInt(scale - value.scale);

function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}
