/** What was asked of D1: round trips, and statements in them (a batch is one round trip of many). */
export type Tally = { calls: number; statements: number };

/** How to get at the statement behind a wrapped one, which is what a batch must be given. */
const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

/** A D1 database that behaves as the given one and adds every round trip to the tallies that are named at that moment. */
export function countingDatabase(db: D1Database, tallies: () => Tally[]): D1Database {
  const count = (statements: number): void => {
    for (const tally of tallies()) {
      tally.calls += 1;
      tally.statements += statements;
    }
  };
  const wrapStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name === "bind") return (...values: unknown[]) => wrapStatement(target.bind(...values));
        return (...values: unknown[]) => {
          count(1);
          return value.apply(target, values);
        };
      },
    });
    inner.set(wrapped, statement);
    return wrapped;
  };
  const wrapDatabase = <T extends D1Database | D1DatabaseSession>(database: T): T =>
    new Proxy(database, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...values: unknown[]) => {
          if (name === "prepare") return wrapStatement(value.apply(target, values));
          if (name === "withSession") return wrapDatabase(value.apply(target, values));
          if (name === "batch") {
            const statements = (values[0] as D1PreparedStatement[]).map((each) => inner.get(each) ?? each);
            count(statements.length);
            return target.batch(statements);
          }
          if (name === "exec" || name === "dump") count(1);
          return value.apply(target, values);
        };
      },
    });
  return wrapDatabase(db);
}
