import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkDigit, contractSpellings, readContractId } from "../../../src/gateway/authorize-contracts.ts";

/** Text, kind, canonical form, and the check digit it should have. */
const known: [text: string, kind: string, canonical: string, check: string][] = [
  ["NL-TNM-000122045-U", "iso", "NLTNM000122045", "U"],
  ["NLTNM000122045", "iso", "NLTNM000122045", "U"],
  ["nl-tnm-000122045-x", "iso", "NLTNM000122045", "U"],
  ["DE83DUIEN83ZGQM", "iso", "DE83DUIEN83ZGQ", "M"],
  ["DE83DUIEN83QGZ", "iso", "DE83DUIEN83QGZ", "D"],
  ["FRXYZ123456789", "iso", "FRXYZ123456789", "2"],
  ["NL-TNMC00122045K", "iso", "NLTNMC00122045", "K"],
  ["NL*TNM*122045*0", "din", "NLTNM122045", "0"],
  ["NL-TNM-012204-5", "din", "NLTNM012204", "5"],
  ["INTNM000110X", "din", "INTNM000110", "X"],
  ["DE8AA123A56", "din", "DE8AA123A56", "5"],
];

describe("a contract id", () => {
  test.each(known)("%s is %s %s, check digit %s", (text, kind, canonical, check) => {
    const read = readContractId(text);
    expect(read).toMatchObject({ kind, canonical });
    expect(read && checkDigit(read)).toBe(check);
  });

  test.each(["", "#NA", "0123456789", "04A1B2C3D4E5F6", "NL-T|M-000122045-U", "DE-8AC-C12E456L89-Y", "NL-TNM-CARD"])(
    "%s is none",
    (text) => {
      expect(readContractId(text)).toBeNull();
      expect(contractSpellings(text)).toEqual([]);
    },
  );

  const same = [
    ["NL-TNM-000122045-U", "NLTNM000122045U", "NL-TNM-000122045", "nltnm000122045"],
    ["NL-TST-C12345678-S", "NLTSTC12345678", "NLTSTC12345678S"],
  ];
  test.each(same)("each spelling leads to each other: %s %s %s", (...spellings) => {
    for (const one of spellings)
      expect(contractSpellings(one)).toEqual(expect.arrayContaining(spellings.map((other) => other.toUpperCase())));
  });

  test("is found with stars for dashes", () => {
    expect(contractSpellings("DE-8AA-C12345678-X")).toContain("DE*8AA*C12345678*X");
  });

  test("of DIN is found by those made from it, and the other way about", () => {
    const spellings = ["NL-TNM-012204-5", "NL*TNM*012204*5", "NLTNM012204", "NL-TNM-C00122045-K", "NLTNM000122045U"];
    for (const one of spellings) expect(contractSpellings(one), one).toEqual(expect.arrayContaining(spellings));
    // Its last digit is no check digit of DIN: it was never one.
    expect(contractSpellings("NL-TNM-012345678").some((one) => readContractId(one)?.kind === "din")).toBe(false);
  });
});

interface Vector {
  input: string;
  expect: { kind: string; canonical: string; check: string | null; check_expected: string } & Record<string, string>;
}
const file = join(import.meta.dirname, "../../../../shared/vectors/signed-data/contract-ids.jsonl");

test.runIf(existsSync(file))("the shared vectors", () => {
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const { input, expect: wanted } = JSON.parse(line) as Vector;
    const read = readContractId(input);
    if (wanted.kind === "opaque") {
      expect(read, input).toBeNull();
      continue;
    }
    const { country, provider, instance, check, canonical } = wanted;
    const kind = wanted.kind === "din" ? "din" : "iso";
    expect(read, input).toEqual({ kind, country, provider, instance, check, canonical });
    expect(read && checkDigit(read), input).toBe(wanted.check_expected);
    const forms = [wanted.pretty, wanted.as_emi3, wanted.as_iso].filter((text) => text !== undefined);
    expect(contractSpellings(input), input).toEqual(expect.arrayContaining(forms));
  }
});
