import { afterAll, describe, expect, test } from "vitest";
import { VERSIONS } from "../../sandbox/versions.ts";
import { violationsOf } from "../../support/ocpi.ts";
import { cdrCases } from "./cdr-cases.ts";
import { commandCases } from "./command-cases.ts";
import { configurationCases } from "./configuration-cases.ts";
import { liveCases } from "./live-cases.ts";
import { receiverCases } from "./receiver-cases.ts";
import { nameOf, TABLE } from "./rows.ts";
import { senderCases } from "./sender-cases.ts";
import { sessionCases } from "./session-cases.ts";
import { useStage } from "./stage.ts";

// Every row of the endpoint table in every version, asked by a registered partner of that version over HTTP: accepted,
// refused, foreign, unknown, in another method, under another spelling. A row without cases fails here.

const stage = useStage();

describe.each(VERSIONS)("OCPI %s", (version) => {
  for (const row of TABLE[version]) {
    const cases =
      configurationCases(stage, version, row) ??
      commandCases(stage, version, row) ??
      liveCases(stage, version, row) ??
      sessionCases(stage, version, row) ??
      cdrCases(stage, version, row) ??
      receiverCases(stage, version, row) ??
      senderCases(stage, version, row);
    if (cases) describe(nameOf(row), cases);
    else test(`${nameOf(row)} has cases`, () => expect(cases).toBeDefined());
  }

  test("nobody saw anything its version forbids", () => {
    const { CPO, EMSP } = stage.of(version);
    expect([...violationsOf(CPO), ...violationsOf(EMSP)]).toEqual([]);
  });
});

afterAll(() => {
  expect(stage.world.logs.filter((line) => line.startsWith("error"))).toEqual([]);
});
