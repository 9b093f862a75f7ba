/** A D1 binding that counts its calls: a statement that is run is one, a batch is one, however much is in it. */
export function countedDb(db: D1Database): { db: D1Database; calls: () => number } {
  let calls = 0;
  const plain = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          calls++;
          return member.apply(target, args);
        };
      },
    });
    plain.set(wrapped, statement);
    return wrapped;
  };
  const counted = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (text: string) => wrap(target.prepare(text));
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) => {
          calls++;
          return target.batch(statements.map((statement) => plain.get(statement) ?? statement));
        };
      }
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return {
    db: counted,
    calls: () => {
      const counted = calls;
      calls = 0;
      return counted;
    },
  };
}
