import { expect, test } from "vitest";
import { fieldsOf } from "../../sandbox/validate.ts";
import { atLeast, type Version } from "../../sandbox/versions.ts";
import { headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import { askOwned, readByOperator, type Stage } from "./stage.ts";
import { changed, LATER, type Placed, partOf, SUBJECTS, type Subject, withValue } from "./subjects.ts";

/** What the cases of one row of a Receiver share. */
interface Setting {
  stage: Stage;
  version: Version;
  row: Endpoint;
  subject: Subject;
  /** A valid object nobody has put yet; its parents are there. */
  fresh(id?: string): Promise<Placed>;
  /** The same, and it is there. */
  stored(id?: string): Promise<Placed>;
  asker(): ReturnType<Stage["asker"]>;
}

const created = "201 1000";
const done = "200 1000";

/** Ids with all that a segment of a path must carry encoded. Every version allows them; 2.0 takes 15 characters. */
const oddId = (stage: Stage): string => `${stage.freshId()} %/#?&`;

/** The cases of a row of the Receiver interface of client owned objects; undefined when there are none for it. */
export function receiverCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  const subject = SUBJECTS[row.kind];
  const cases = byOperation[row.operation];
  if (!subject || !cases) return undefined;
  const asker = () => stage.asker(version, row);
  const put = async (placed: Placed) => {
    const answer = await askOwned(asker(), row, "PUT", placed, { body: placed.object });
    if (answer.http >= 300 || answer.status_code !== 1000)
      throw new Error(`PUT ${placed.ids.join("/")}: ${answer.raw}`);
  };
  const fresh: Setting["fresh"] = async (id = stage.freshId()) => {
    const { parents, ...placed } = subject.make(version, asker().party, id);
    for (const parent of parents) await put(parent);
    return placed;
  };
  const stored: Setting["stored"] = async (id) => {
    const placed = await fresh(id);
    await put(placed);
    return placed;
  };
  return () => {
    cases({ stage, version, row, subject, fresh, stored, asker });
    accessCases(stage, version, row, async () => {
      const { ids } = await stored();
      return [asker().party.country_code, asker().party.party_id, ...ids];
    });
  };
}

const byOperation: Record<string, (setting: Setting) => void> = {
  getClientOwnedObject: getCases,
  putClientOwnedObject: putCases,
  patchClientOwnedObject: patchCases,
  deleteClientOwnedObject: deleteCases,
};

function getCases({ stage, row, fresh, stored, asker }: Setting): void {
  test("accepted: what was put comes back as it was put", async () => {
    const placed = await stored();
    const answer = await askOwned(asker(), row, "GET", placed);
    expect(brief(answer)).toBe(done);
    expect(answer.data).toEqual(placed.object);
  });

  test("refused: what was never put is 404", async () => {
    expectRefusal(await askOwned(asker(), row, "GET", await fresh()), 404);
  });

  test("a foreign party's object looks like one that is not there", async () => {
    const { placed, rival } = await rivalObject(stage, row);
    const answer = await askOwned(asker(), row, "GET", placed, { owner: rival.party });
    expectRefusal(answer, 404);
  });

  test("ids are decoded once", async () => {
    const placed = await stored(oddId(stage));
    const answer = await askOwned(asker(), row, "GET", placed);
    expect(answer.data).toEqual(placed.object);
  });
}

function putCases({ stage, version, row, subject, fresh, stored, asker }: Setting): void {
  const send = (placed: Placed, body: string) =>
    sendRaw(
      urlOf(asker(), row.module, "RECEIVER", [asker().party.country_code, asker().party.party_id, ...placed.ids]),
      {
        method: "PUT",
        headers: { ...headersOf(asker()), "content-type": "application/json" },
        body,
      },
    );
  const isThere = async (placed: Placed) => (await askOwned(asker(), row, "GET", placed)).http === 200;

  test("accepted: created with 201, replaced with 200, and read by the operator", async () => {
    const placed = await fresh();
    expect(brief(await askOwned(asker(), row, "PUT", placed, { body: placed.object }))).toBe(created);
    const text = changed(subject);
    const again = { ...placed.object, ...partOf(version, { [subject.field]: text }) };
    expect(brief(await askOwned(asker(), row, "PUT", placed, { body: again }))).toBe(done);
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual(again);
    expect(await readByOperator(stage, asker(), row.kind, placed.ids)).toMatchObject({ [subject.field]: text });
  });

  test("a field that is left out is gone", async () => {
    const placed = await stored();
    const without = withValue({ ...placed.object, ...partOf(version, {}) }, `/${subject.field}`, undefined);
    if (subject.field === "issuer") without.issuer = "somebody else";
    expect(brief(await askOwned(asker(), row, "PUT", placed, { body: without }))).toBe(done);
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual(without);
  });

  test("refused: what is not JSON is HTTP 400 and stores nothing", async () => {
    const placed = await fresh();
    const whole = JSON.stringify(placed.object);
    for (const body of [whole.slice(0, -1), `${whole}}`, "", "{'id':1}", "\u0000"]) {
      expectRefusal(await send(placed, body), 400);
    }
    expect(await isThere(placed)).toBe(false);
  });

  test("refused: wrong content is 2001 with a pointer, and stores nothing", async () => {
    const placed = await fresh();
    for (const [pointer, value] of subject.wrong) {
      const answer = await askOwned(asker(), row, "PUT", placed, { body: withValue(placed.object, pointer, value) });
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(pointer);
    }
    for (const body of [[], null, "text", 5, [placed.object]]) {
      expectRefusal(await send(placed, JSON.stringify(body)), 200, 2001);
    }
    expect(await isThere(placed)).toBe(false);
  });

  test("refused: every required field that is missing is named, and nothing stored", async () => {
    const placed = await fresh();
    const required = [...(fieldsOf(version, row.kind) ?? [])].filter(([, { cardinality }]) =>
      "!+".includes(cardinality),
    );
    expect(required.length).toBeGreaterThan(2);
    const accepted: string[] = [];
    for (const [name] of required) {
      const body = withValue(placed.object, `/${name}`, undefined);
      const answer = await askOwned(asker(), row, "PUT", placed, { body });
      if (brief(answer) !== "200 2001" || !answer.status_message?.includes(`/${name}`))
        accepted.push(`${name}: ${answer.raw}`);
    }
    expect(accepted).toEqual([]);
    expect(await isThere(placed)).toBe(false);
  });

  test("refused: an id or an owner unlike the URL's", async () => {
    const placed = await fresh();
    const faults: [string, string][] = [[subject.id, "ANOTHER"]];
    if (placed.object.country_code !== undefined) faults.push(["country_code", "BE"], ["party_id", "OTH"]);
    for (const [name, value] of faults) {
      const answer = await askOwned(asker(), row, "PUT", placed, { body: { ...placed.object, [name]: value } });
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(`/${name}`);
    }
    expect(await isThere(placed)).toBe(false);
  });

  test("a foreign party's object: 404 and unchanged", async () => {
    const { placed, rival } = await rivalObject(stage, row);
    const object = subject.make(version, rival.party, placed.ids.at(-1) ?? "").object;
    const answer = await askOwned(asker(), row, "PUT", placed, { owner: rival.party, body: object });
    expectRefusal(answer, 404);
    expect((await askOwned(rival, row, "GET", placed)).data).toEqual(placed.object);
  });

  test("ids are decoded once", async () => {
    const placed = await stored(oddId(stage));
    expect(await readByOperator(stage, asker(), row.kind, placed.ids)).toMatchObject({
      [subject.id]: placed.object[subject.id],
    });
  });
}

function patchCases({ stage, version, row, subject, fresh, stored, asker }: Setting): void {
  const patch = (placed: Placed, body: unknown) => askOwned(asker(), row, "PATCH", placed, { body });

  test("accepted: the fields it names change, the others stay", async () => {
    const placed = await stored();
    const part = partOf(version, { [subject.field]: changed(subject) });
    expect(brief(await patch(placed, part))).toBe(done);
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual({ ...placed.object, ...part });
    expect(await readByOperator(stage, asker(), row.kind, placed.ids)).toMatchObject({
      [subject.field]: changed(subject),
    });
  });

  test("refused: not JSON is 400, wrong content 2001 with a pointer; nothing changes", async () => {
    const placed = await stored();
    const url = urlOf(asker(), row.module, "RECEIVER", [
      asker().party.country_code,
      asker().party.party_id,
      ...placed.ids,
    ]);
    const headers = { ...headersOf(asker()), "content-type": "application/json" };
    expectRefusal(await sendRaw(url, { method: "PATCH", headers, body: '{"name":' }), 400);
    for (const [pointer, value] of subject.wrong) {
      const top = pointer.split("/")[1] ?? "";
      const part = partOf(version, { [top]: withValue(placed.object, pointer, value)[top] });
      const answer = await patch(placed, part);
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(pointer);
    }
    for (const body of [[], null, "text"]) expectRefusal(await patch(placed, body), 200, 2001);
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual(placed.object);
  });

  test("refused: from 2.2 on without last_updated", async () => {
    const placed = await stored();
    const answer = await patch(placed, { [subject.field]: changed(subject) });
    if (!atLeast(version, "2.2")) {
      expect(brief(answer)).toBe(done);
      return;
    }
    expectRefusal(answer, 200, 2001);
    expect(answer.status_message).toContain("/last_updated");
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual(placed.object);
  });

  test("refused: what is not there is 404, and stays so", async () => {
    const placed = await fresh();
    expectRefusal(await patch(placed, partOf(version, { [subject.field]: changed(subject) })), 404);
    expectRefusal(await askOwned(asker(), row, "GET", placed), 404);
  });

  test("a foreign party's object: 404 and unchanged", async () => {
    const { placed, rival } = await rivalObject(stage, row);
    const body = partOf(version, { [subject.field]: changed(subject) });
    expectRefusal(await askOwned(asker(), row, "PATCH", placed, { owner: rival.party, body }), 404);
    expect((await askOwned(rival, row, "GET", placed)).data).toEqual(placed.object);
  });

  test("ids are decoded once", async () => {
    const placed = await stored(oddId(stage));
    expect(brief(await patch(placed, partOf(version, { [subject.field]: changed(subject) })))).toBe(done);
  });
}

function deleteCases({ stage, row, fresh, stored, asker }: Setting): void {
  test("accepted: it is gone for everybody", async () => {
    const placed = await stored(oddId(stage));
    expect(brief(await askOwned(asker(), row, "DELETE", placed))).toBe(done);
    expectRefusal(await askOwned(asker(), row, "GET", placed), 404);
    expect(await readByOperator(stage, asker(), row.kind, placed.ids)).toBeUndefined();
  });

  test("it can be put again", async () => {
    const placed = await stored();
    await askOwned(asker(), row, "DELETE", placed);
    const body = { ...placed.object, ...(placed.object.last_updated ? { last_updated: LATER } : {}) };
    expect(brief(await askOwned(asker(), row, "PUT", placed, { body }))).toBe(created);
    expect((await askOwned(asker(), row, "GET", placed)).data).toEqual(body);
  });

  test("refused: what is not there is 404", async () => {
    expectRefusal(await askOwned(asker(), row, "DELETE", await fresh()), 404);
  });

  test("a foreign party's object: 404, and it stays", async () => {
    const { placed, rival } = await rivalObject(stage, row);
    expectRefusal(await askOwned(asker(), row, "DELETE", placed, { owner: rival.party }), 404);
    expect((await askOwned(rival, row, "GET", placed)).data).toEqual(placed.object);
  });
}

/** An object of a partner that has nothing to do with the one under test. */
async function rivalObject(stage: Stage, row: Endpoint) {
  const subject = SUBJECTS[row.kind] as Subject;
  const rival = stage.rivals[subject.writer as "CPO" | "EMSP"];
  const { parents, ...placed } = subject.make(rival.version, rival.party, stage.freshId());
  for (const each of [...parents, placed]) {
    const answer = await askOwned(rival, row, "PUT", each, { body: each.object });
    expect(brief(answer), answer.raw).toBe(created);
  }
  return { placed, rival };
}
