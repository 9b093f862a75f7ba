import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

// The rules of the house that a compiler does not know. Each test lists every offender, so one run shows all of them.

const root = join(import.meta.dirname, "..");

/** Imports point down this list only. Spec of the house: src/README.md. */
const floors = [
  "worker.ts",
  "cloudflare",
  "operator",
  "server",
  "hub",
  "delivery",
  "gateway",
  "client",
  "pricing",
  "metering",
  "ocpi",
  "model",
  "ports.ts",
  "lib",
];
/** What the ports may name the types of. */
const spoken = ["src/model", "src/ocpi"];
/** Floors that know no port: the same in, the same out. */
const pure = ["pricing", "metering", "ocpi", "model", "lib"];

interface Import {
  /** As written: a package, or a path from the root of the repository. */
  target: string;
  typeOnly: boolean;
}

interface Source {
  /** From the root of the repository, with slashes. */
  path: string;
  text: string;
  /** The text without comments. */
  code: string;
  /** The code without the content of strings either. */
  bare: string;
  imports: Import[];
}

const load = (pattern: string): Source[] =>
  globSync(pattern, { cwd: root })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((path) => !path.endsWith("worker-configuration.d.ts"))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const code = withoutComments(text);
      return { path, text, code, bare: withoutStrings(code), imports: importsOf(path, code) };
    });

const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/;
const comments = /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/;

function withoutComments(text: string): string {
  const either = new RegExp(`(${strings.source})|${comments.source}`, "g");
  return text.replace(either, (_, string: string | undefined) => string ?? "");
}

function withoutStrings(code: string): string {
  return code.replace(new RegExp(strings.source, "g"), '""');
}

function importsOf(path: string, code: string): Import[] {
  const statements = code.matchAll(/\b(?:import|export)\s+(type\s+)?([^;"']*?)\bfrom\s+["']([^"']+)["']/g);
  const bareOnes = code.matchAll(/\bimport\s*\(?\s*["']([^"']+)["']/g);
  const place = (target: string): string =>
    target.startsWith(".") ? relative(root, resolve(root, dirname(path), target)).replaceAll("\\", "/") : target;
  const isTypes = (names = ""): boolean =>
    /^\s*\{/.test(names) &&
    names
      .replace(/[{}]/g, "")
      .split(",")
      .filter((name) => name.trim() !== "")
      .every((name) => /^\s*type\s/.test(name));
  return [
    ...[...statements].map(([, type, names, target = ""]) => ({
      target: place(target),
      typeOnly: type !== undefined || isTypes(names),
    })),
    ...[...bareOnes].map(([, target = ""]) => ({ target: place(target), typeOnly: false })),
  ];
}

const sources = load("src/**/*.ts");
const house = sources.filter(({ path }) => !path.startsWith("src/local/"));
const everything = [...sources, ...load("test/**/*.ts")];

/** The ports stand by what they are about in files of their own: one floor with `ports.ts`. */
const floorOf = (path: string): string => (path.startsWith("src/ports/") ? "ports.ts" : (path.split("/")[1] ?? ""));
const heightOf = (path: string): number => floors.indexOf(floorOf(path));
const offenders = (files: Source[], isWrong: (file: Source) => boolean): string[] =>
  files.filter(isWrong).map(({ path }) => path);
const inside = (path: string, ...places: string[]): boolean =>
  places.some((place) => path === place || path.startsWith(`${place}/`));

describe("imports", () => {
  test("every file of the house stands on a floor", () => {
    expect(offenders(house, ({ path }) => heightOf(path) < 0)).toEqual([]);
  });

  test("point down", () => {
    const up = house.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.startsWith("src/") && heightOf(target) < heightOf(path))
        // What the ports speak of are objects of the model, and what the protocol makes of them: types only.
        .filter(({ typeOnly, target }) => !(typeOnly && floorOf(path) === "ports.ts" && inside(target, ...spoken)))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(up).toEqual([]);
  });

  test("of pure floors know no port", () => {
    const impure = house.filter(({ path }) => pure.includes(floorOf(path)));
    expect(offenders(impure, ({ imports }) => imports.some(({ target }) => floorOf(target) === "ports.ts"))).toEqual(
      [],
    );
  });

  test("reach neither the local tools nor Node from what is deployed", () => {
    const reaches = house.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.startsWith("src/local") || target.startsWith("node:"))
        .map(({ target }) => `${path}: ${target}`),
    );
    expect(reaches).toEqual([]);
  });

  test("of the sandbox partner know nothing of the gateway", () => {
    const sandbox = everything.filter(({ path }) => path.startsWith("test/sandbox/"));
    expect(offenders(sandbox, ({ imports }) => imports.some(({ target }) => target.startsWith("src/")))).toEqual([]);
  });
});

describe("the platform", () => {
  const above = house.filter(({ path }) => !inside(path, "src/cloudflare", "src/worker.ts"));

  test("is known in src/cloudflare only", () => {
    const names = /\b(D1\w+|DurableObject\w*|KVNamespace|R2Bucket|Queue|MessageBatch|ExecutionContext|RateLimit|Env)\b/;
    expect(offenders(above, ({ bare }) => names.test(bare))).toEqual([]);
    const modules = (target: string): boolean => target.startsWith("cloudflare:") || target.startsWith("drizzle-");
    expect(offenders(above, ({ imports }) => imports.some(({ target }) => modules(target)))).toEqual([]);
  });

  test("opens connections in one place", () => {
    const calls = /(?:\b(?:await|return|void|yield)\s+|[=(,?:>&|]\s*|globalThis\.|self\.)fetch\s*\(/;
    expect(offenders(house, ({ path, bare }) => path !== "src/cloudflare/fetcher.ts" && calls.test(bare))).toEqual([]);
  });

  test("tells the time and rolls the dice behind ports", () => {
    const effects = /\b(Date\.now\(|new Date\(\)|Math\.random\(|crypto\.(randomUUID|getRandomValues)\()/;
    expect(offenders(above, ({ bare }) => effects.test(bare))).toEqual([]);
  });
});

describe("versions", () => {
  const outside = house.filter(({ path }) => !/^src\/ocpi\/(v\d\w*\/|versions\.ts$)/.test(path));

  test("are named in their folders and in versions.ts only", () => {
    const literal = /["'`]v?2[._](0|1|1[._]1|2|2[._]1|3|3[._]0)["'`]/;
    expect(offenders(outside, ({ code }) => literal.test(code))).toEqual([]);
    expect(offenders(outside, ({ imports }) => imports.some(({ target }) => /^src\/ocpi\/v\d/.test(target)))).toEqual(
      [],
    );
  });

  test("are not put in an order elsewhere", () => {
    const order = /\b(version|number|origin)\s*(<|>)=?\s*["'\w]|\.localeCompare\(\s*\w*[vV]ersion/;
    expect(offenders(outside, ({ bare }) => order.test(bare.replace(/<[\w\s,|[\]]*>/g, "")))).toEqual([]);
  });
});

describe("files", () => {
  test("are small rooms", () => {
    // The ports are one page on purpose: all that the core asks of the world. A test may list more cases than fit a room.
    const limit = (path: string): number => (path.startsWith("test/") ? 500 : 300);
    const lines = ({ text }: Source): number => text.trimEnd().split("\n").length;
    const long = everything.filter((file) => lines(file) > limit(file.path));
    expect(long.map((file) => `${file.path}: ${lines(file)} lines`)).toEqual([]);
  });

  test("export by name, and their own things", () => {
    const mayDefault = (path: string): boolean => path === "src/worker.ts" || path.endsWith(".config.ts");
    expect(offenders(everything, ({ path, bare }) => !mayDefault(path) && /\bexport\s+default\b/.test(bare))).toEqual(
      [],
    );
    expect(offenders(house, ({ bare }) => /\bexport\s*\*/.test(bare))).toEqual([]);
    expect(offenders(everything, ({ path }) => path.endsWith("/index.ts"))).toEqual([]);
  });

  test("have no classes but Durable Objects", () => {
    const isOther = ([head]: RegExpExecArray): boolean => !/extends\s+DurableObject\b/.test(head);
    expect(offenders(house, ({ bare }) => [...bare.matchAll(/\bclass\s+\w+[^{]*/g)].some(isOther))).toEqual([]);
  });

  test("are erasable TypeScript without any", () => {
    expect(offenders(house, ({ bare }) => /(:|<|as)\s*any\b/.test(bare))).toEqual([]);
  });

  test("leave nothing to be done", () => {
    expect(
      offenders(everything, ({ path, text }) => path !== "test/architecture.test.ts" && /\b(TODO|FIXME)\b/.test(text)),
    ).toEqual([]);
  });
});
