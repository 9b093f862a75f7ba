import { expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { Version } from "../../sandbox/versions.ts";
import { headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import type { Stage } from "./stage.ts";

/** The cases of rows of cdrs; undefined for others. What the operations mean is tested in live/cdrs-*.test.ts. */
export function cdrCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  if (row.module !== "cdrs") return undefined;
  if (row.operation === "listObjects") return () => listCases(stage, version, row);
  return row.method === "POST" ? () => postCases(stage, version, row) : () => readCases(stage, version, row);
}

const cdrOf = (stage: Stage, version: Version, row: Endpoint, id: string) => {
  const { country_code, party_id } = stage.asker(version, row).party;
  return example(version, "cdrs", { country_code, party_id, id });
};

function postCases(stage: Stage, version: Version, row: Endpoint): void {
  test("accepted, and once more; another body refused", async () => {
    const cdr = cdrOf(stage, version, row, stage.freshId());
    const post = (more: object) => stage.asker(version, row).partner.push("cdrs", { ...cdr, ...more });
    const first = await post({});
    expect(brief(first)).toBe("201 1000");
    expect(URL.canParse(first.headers.location ?? "")).toBe(true);
    const again = await post({});
    expect(brief(again)).toBe("200 1000");
    expect(again.headers.location).toBe(first.headers.location);
    expectRefusal(await post({ remark: "another" }), 200, 2001);
  });

  test("refused: a body that is none", async () => {
    const connection = stage.asker(version, row);
    const url = urlOf(connection, "cdrs", "RECEIVER");
    const send = (body: string) => sendRaw(url, { method: "POST", headers: headersOf(connection), body });
    expectRefusal(await send("{"), 400, 2001);
    expectRefusal(await send("[]"), 200, 2001);
    expectRefusal(await send("{}"), 200, 2001);
  });

  accessCases(stage, version, row, async () => []);
}

function readCases(stage: Stage, version: Version, row: Endpoint): void {
  const posted = async (): Promise<string> => {
    const answer = await stage.asker(version, row).partner.push("cdrs", cdrOf(stage, version, row, stage.freshId()));
    return answer.headers.location?.split("/").at(-1) ?? "";
  };
  const read = (name: string) => stage.asker(version, row).partner.request("cdrs", "RECEIVER", "GET", [name]);

  test("accepted", async () => {
    expect(brief(await read(await posted()))).toBe("200 1000");
  });

  test("unknown: 404", async () => {
    for (const name of ["nothing", "TkwqQzBYKk5P", "%25"]) expectRefusal(await read(name), 404);
  });

  accessCases(stage, version, row, async () => [await posted()]);
}

function listCases(stage: Stage, version: Version, row: Endpoint): void {
  test("accepted, and refused with a limit of nothing", async () => {
    const list = (query: Record<string, string>) =>
      stage.asker(version, row).partner.request("cdrs", "SENDER", "GET", [], { query });
    const answer = await list({ date_from: "2026-01-01T00:00:00Z" });
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toEqual([]);
    const connection = stage.asker(version, row);
    const url = urlOf(connection, "cdrs", "SENDER");
    expectRefusal(await sendRaw(`${url}?limit=0`, { headers: headersOf(connection) }), 200, 2001);
  });

  accessCases(stage, version, row, async () => []);
}
