import { expect, test } from "vitest";
import type { Version } from "../../sandbox/versions.ts";
import { headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import { OWN, type Stage } from "./stage.ts";

/** The cases of rows that are neither lists nor ordinary client owned objects; undefined when there are none for it. */
export function liveCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  if (row.operation === "postAuthorize") return () => authorizeCases(stage, version, row);
  if (row.module !== "hubclientinfo") return undefined;
  return row.role === "RECEIVER"
    ? () => clientInfoCases(stage, version, row)
    : () => clientInfoListCases(stage, version);
}

/** What it means is tested in live/authorize-own.test.ts. */
function authorizeCases(stage: Stage, version: Version, row: Endpoint): void {
  const path = [OWN.tokens.uid, "authorize"];

  test("accepted: whether our token may be used", async () => {
    const answer = await stage.asker(version, row).partner.authorize(OWN.tokens.uid, { type: OWN.tokens.type });
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toMatchObject({ allowed: expect.any(String) });
  });

  test("unknown: 404 and 2004", async () => {
    expectRefusal(await stage.asker(version, row).partner.authorize("NOBODY"), 404, 2004);
  });

  test("refused: a body that is none", async () => {
    const connection = stage.asker(version, row);
    const url = urlOf(connection, row.module, "SENDER", path);
    const send = (body: string) => sendRaw(url, { method: "POST", headers: headersOf(connection), body });
    expectRefusal(await send("{"), 400, 2001);
    expectRefusal(await send("[]"), 200, 2001);
    expectRefusal(await send("{}"), 200, 2001);
  });

  accessCases(stage, version, row, async () => path);
}

/** Whom a hub of 2.3.0 is cannot be told from its roles, so everybody may tell; in the versions before only a hub may. */
function clientInfoCases(stage: Stage, version: Version, row: Endpoint): void {
  const isOpen = version === "2.3.0";
  const info = {
    country_code: "FR",
    party_id: "ABC",
    role: "EMSP",
    status: "CONNECTED",
    last_updated: "2026-01-01T00:00:00Z",
  };
  const put = () =>
    stage.asker(version, row).partner.request(row.module, "RECEIVER", "PUT", ["FR", "ABC"], { body: info });

  test("a party behind a hub is told by the hub", async () => {
    const answer = await put();
    if (isOpen) expect(answer.status_code).toBe(1000);
    else expectRefusal(answer, 404);
    const read = await stage.asker(version, row).partner.request(row.module, "RECEIVER", "GET", ["FR", "ABC"]);
    if (isOpen) expect(read.data).toEqual(info);
    else expectRefusal(read, 404);
  });

  accessCases(stage, version, row, async () => ["FR", "ABC"]);
}

function clientInfoListCases(stage: Stage, version: Version): void {
  test("is not there where we are no hub", async () => {
    const { CPO } = stage.of(version);
    const offered = CPO.partner.peer?.endpoints.filter(({ identifier }) => identifier === "hubclientinfo");
    expect(offered?.map(({ role }) => role)).toEqual(["RECEIVER"]);
    const url = urlOf(CPO, "hubclientinfo", "RECEIVER").replace("/receiver/", "/sender/");
    expectRefusal(await sendRaw(url, { headers: headersOf(CPO) }), 404);
  });
}
