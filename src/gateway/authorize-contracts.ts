// Contract ids as drivers, cars and platforms write them: EMAIDs (ISO 15118, eMI3) and their older form (DIN SPEC 91286), with separators
// or without, with a check digit or without, in any case. Pure. Spec: 2.3.0 mod_tokens, TokenType, EMAID.

/** A contract id, taken apart; all in upper case. */
export interface ContractId {
  /** `iso`: 9 characters name the contract; `din`: 6. */
  kind: "iso" | "din";
  country: string;
  provider: string;
  instance: string;
  /** The check digit as it was said, right or wrong; null: none was. */
  check: string | null;
  /** Country, provider and instance, nothing between them: what two spellings of one id have in common. */
  canonical: string;
}

const FORMS = {
  iso: /^([A-Z]{2})[-*]?([A-Z0-9]{3})[-*]?([A-Z0-9]{9})(?:[-*]?([A-Z0-9]))?$/,
  din: /^([A-Z]{2})[-*]?([A-Z0-9]{3})[-*]?([A-Z0-9]{6})(?:[-*]?([0-9X]))?$/,
} as const;

/** A text as a contract id; null: it has not the form of one. A wrong check digit is nothing against it: many are. */
export function readContractId(text: string): ContractId | null {
  const upper = text.toUpperCase();
  for (const kind of ["iso", "din"] as const) {
    const [, country, provider, instance, check] = FORMS[kind].exec(upper) ?? [];
    if (country !== undefined && provider !== undefined && instance !== undefined)
      return contract(kind, country, provider, instance, check ?? null);
  }
  return null;
}

const contract = (
  kind: ContractId["kind"],
  country: string,
  provider: string,
  instance: string,
  check: string | null,
): ContractId => ({ kind, country, provider, instance, check, canonical: country + provider + instance });

const VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The check digit a contract id should have. */
export const checkDigit = ({ kind, canonical }: Pick<ContractId, "kind" | "canonical">): string =>
  kind === "iso" ? isoCheck(canonical) : dinCheck(canonical);

/**
 * Check digit of 14 characters: each is a vector over GF(2) and one over GF(3), weighted by the powers of a matrix.
 * Spec: eMI3 eMAID check digit; ISO 15118-1.
 */
function isoCheck(canonical: string): string {
  let [t1, t2, u1, u2] = [0, 0, 0, 0];
  for (const character of [...canonical].reverse()) {
    const value = VALUES.indexOf(character);
    const [high, low] = [Math.floor(value / 9), value % 9];
    t1 += high >> 1;
    t2 += high & 1;
    u1 += Math.floor(low / 3);
    u2 += low % 3;
    // Times [[0,1],[1,1]] modulo 2, times [[0,1],[1,2]] modulo 3.
    [t1, t2] = [t2 % 2, (t1 + t2) % 2];
    [u1, u2] = [u2 % 3, (u1 + 2 * u2) % 3];
  }
  const r1 = (3 - u2) % 3;
  const r2 = (((3 - u1) % 3) + u2) % 3;
  return VALUES.charAt(9 * (2 * t1 + t2) + 3 * r1 + r2);
}

/** Check digit of 11 characters, modulo 11; a letter counts as its two digits. Spec: DIN SPEC 91286. */
function dinCheck(canonical: string): string {
  let sum = 0;
  let factor = 1;
  for (const character of canonical) {
    const value = VALUES.indexOf(character);
    for (const digit of value < 10 ? [value] : [Math.floor(value / 10), value % 10]) {
      sum += digit * factor;
      factor *= 2;
    }
  }
  return sum % 11 === 10 ? "X" : String(sum % 11);
}

/** What stands before an instance of DIN to make it one of eMI3, and of ISO. */
const CONVERTED = ["C0", "00"];

/**
 * The same contract in all forms it is known by: an id of DIN is in one of ISO with its check digit, behind `C0` or `00`; and an id of
 * ISO came from one of DIN where that check digit fits.
 */
function formsOf(said: ContractId): ContractId[] {
  const { kind, country, provider, instance, check } = said;
  const converted = (din: ContractId, digit: string) =>
    CONVERTED.map((prefix) => contract("iso", country, provider, prefix + din.instance + digit, null));
  if (kind === "din") {
    const digits = new Set([check ?? checkDigit(said), checkDigit(said)]);
    return [said, ...[...digits].flatMap((digit) => converted(said, digit))];
  }
  if (!CONVERTED.includes(instance.slice(0, 2))) return [said];
  const din = contract("din", country, provider, instance.slice(2, 8), instance.slice(8));
  return din.check === checkDigit(din) ? [said, din, ...converted(din, instance.slice(8))] : [said];
}

/**
 * All spellings a contract id may be kept under, upper case; [] for a text that is none. With the check digit that is right and the one that
 * was said: one that is kept with another wrong one is found by that alone.
 */
export function contractSpellings(text: string): string[] {
  const said = readContractId(text);
  if (said === null) return [];
  const spellings = formsOf(said).flatMap((form) => {
    const { country, provider, instance, check } = form;
    const ends = [null, checkDigit(form), ...(check === null ? [] : [check])];
    return ["", "-", "*"].flatMap((separator) =>
      ends.map((end) => [country, provider, instance, ...(end === null ? [] : [end])].join(separator)),
    );
  });
  return [...new Set(spellings)];
}
