/** How one object is said in two versions of OCPI, by paths such as `evses[].connectors[].voltage`. */
export type Differences = {
  /** The same values under another name, or elsewhere where nothing else says the same. */
  renamed: { from: string; to: string }[];
  /** Another value under the same name, the first of them. */
  changed: { path: string; from: string; to: string }[];
  /** Said only before, said only after; with the first value, as JSON. */
  gone: { path: string; value: string }[];
  added: { path: string; value: string }[];
};

/**
 * Compares two JSON texts leaf by leaf. It knows nothing of OCPI: that `voltage` became `max_voltage` is seen from its values.
 */
export function differences(before: string, after: string): Differences {
  const [old, now] = [leaves(JSON.parse(before)), leaves(JSON.parse(after))];
  const gone = [...old.keys()].filter((path) => !now.has(path));
  const added = new Set([...now.keys()].filter((path) => !old.has(path)));
  const renamed: Differences["renamed"] = [];
  const rename = (from: string, to: string | undefined): void => {
    if (to === undefined) return;
    renamed.push({ from, to });
    added.delete(to);
  };
  for (const from of gone) {
    rename(
      from,
      [...added].find((path) => parentOf(path) === parentOf(from) && same(old.get(from), now.get(path))),
    );
  }
  for (const from of gone.filter((path) => !renamed.some((pair) => pair.from === path))) {
    const [sayers, hearers] = [gone, [...added]].map((paths, index) =>
      paths.filter((path) => same(old.get(from), (index === 0 ? old : now).get(path))),
    );
    if (sayers?.length === 1 && hearers?.length === 1) rename(from, hearers[0]);
  }
  const changed = [...old].flatMap(([path, values]) => {
    const others = now.get(path);
    const at = others ? values.findIndex((value, index) => value !== others[index]) : -1;
    return at < 0 ? [] : [{ path, from: values[at] ?? "", to: others?.[at] ?? "" }];
  });
  const unexplained = gone.filter((path) => !renamed.some(({ from }) => from === path));
  return { renamed, changed, gone: unexplained.map(first(old)), added: [...added].map(first(now)) };
}

/** Every value that is no object and no list, as JSON text, in order, under its path without list positions. */
function leaves(value: unknown, path = "", found = new Map<string, string[]>()): Map<string, string[]> {
  if (Array.isArray(value)) for (const each of value) leaves(each, `${path}[]`, found);
  else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) leaves(each, path === "" ? name : `${path}.${name}`, found);
  } else found.set(path, [...(found.get(path) ?? []), JSON.stringify(value)]);
  return found;
}

const first = (values: Map<string, string[]>) => (path: string) => ({ path, value: values.get(path)?.[0] ?? "" });

/** The object a leaf stands in; a list of values counts as a value. */
export function parentOf(path: string): string {
  return path.replace(/\[\]$/, "").replace(/\.?[^.]*$/, "");
}

function same(one: string[] = [], other: string[] = []): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
