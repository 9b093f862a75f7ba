// Draws /openapi.json: operations by group, their parameters, bodies and answers, the schemas, the problems.
// Everything is built as nodes, never as markup, so nothing in the document can become a script.

/** An element with attributes and children; strings become text. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text with `code` in it. */
function prose(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

const METHODS = ["get", "put", "post", "patch", "delete"];
const nameOf = (ref) => ref.slice(ref.lastIndexOf("/") + 1);

/** What a schema is, in a few words, with links to those that have a name. */
function kind(schema) {
  if (schema === undefined || schema === true) return ["anything"];
  if (schema.$ref) return [el("a", { href: `#schema-${nameOf(schema.$ref)}` }, nameOf(schema.$ref))];
  if (schema.const !== undefined) return [el("code", {}, JSON.stringify(schema.const))];
  if (schema.enum)
    return schema.enum.flatMap((value, index) => [index ? " | " : "", el("code", {}, JSON.stringify(value))]);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.flatMap((option, index) => [index ? " or " : "", ...kind(option)]);
  if (schema.type === "array") return ["list of ", ...kind(schema.items)];
  if (schema.type === "object" || schema.properties) return ["object"];
  const bounds = [
    schema.format,
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`,
    schema.maxLength !== undefined && `≤ ${schema.maxLength} characters`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean);
  return [`${schema.type ?? "anything"}${bounds.length ? ` (${bounds.join(", ")})` : ""}`];
}

/** The object a schema has members of: itself, an item, or the first option that is one. */
function membered(schema) {
  if (!schema || schema.$ref) return null;
  if (schema.properties) return schema;
  if (schema.items) return membered(schema.items);
  return (schema.anyOf ?? schema.oneOf ?? []).map(membered).find((option) => option !== null) ?? null;
}

/** Members of an object as a table, objects within it below their name. */
function members(schema) {
  const object = membered(schema);
  if (!object) return null;
  const required = new Set(object.required ?? []);
  const rows = Object.entries(object.properties).map(([name, property]) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("code", {}, name),
        required.has(name) ? el("span", { class: "required" }, "required") : "",
      ),
      el(
        "td",
        {},
        el("span", { class: "kind" }, ...kind(property)),
        " ",
        ...prose(property.description),
        members(property),
      ),
    ),
  );
  return el("table", {}, el("tbody", {}, ...rows));
}

function parameters(operation) {
  if (!operation.parameters?.length) return null;
  const rows = operation.parameters.map((parameter) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("code", {}, parameter.name),
        parameter.required ? el("span", { class: "required" }, "required") : "",
      ),
      el(
        "td",
        {},
        el("span", { class: "kind" }, `${parameter.in}, `, ...kind(parameter.schema)),
        " ",
        ...prose(parameter.description),
      ),
    ),
  );
  return el("section", {}, el("h4", {}, "Parameters"), el("table", {}, el("tbody", {}, ...rows)));
}

function requestBody(operation) {
  const body = operation.requestBody;
  if (!body) return null;
  const [type, media] = Object.entries(body.content)[0];
  const types = Object.keys(body.content).join(" or ");
  return el(
    "section",
    {},
    el("h4", {}, "Body"),
    el("p", {}, el("code", {}, types), body.required ? "" : ", may be left out", ": ", ...kind(media.schema)),
    members(media.schema),
    media.example === undefined
      ? null
      : el("pre", {}, type.includes("ndjson") ? JSON.stringify(media.example) : JSON.stringify(media.example, null, 2)),
  );
}

function answers(operation) {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const contents = Object.entries(response.content ?? {}).flatMap(([type, { schema }]) => [
      el("div", {}, el("code", {}, type), ": ", ...kind(schema)),
      members(schema),
    ]);
    return el(
      "tr",
      { class: status < "400" ? "good" : "bad" },
      el("th", { scope: "row" }, status),
      el("td", {}, response.description, ...contents),
    );
  });
  return el("section", {}, el("h4", {}, "Answers"), el("table", {}, el("tbody", {}, ...rows)));
}

/** A command line to start from. The token stays a variable: it never gets into a page. */
function curl(server, path, method, operation) {
  const lines = [`curl "${server}${path.replaceAll(/\{(\w+)\}/g, "<$1>")}"`];
  if (method !== "get") lines.push(`-X ${method.toUpperCase()}`);
  if (!operation.security) lines.push('-H "Authorization: Bearer $OPERATOR_TOKEN"');
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type) lines.push(`-H "Content-Type: ${type}"`);
  if (type?.includes("ndjson")) lines.push("-T objects.ndjson");
  else if (media?.example !== undefined) lines.push(`-d '${JSON.stringify(media.example)}'`);
  return el("section", {}, el("h4", {}, "Try it"), el("pre", {}, lines.join(" \\\n  ")));
}

function drawOperation(server, path, method, operation) {
  return el(
    "details",
    { id: operation.operationId, class: "operation" },
    el(
      "summary",
      {},
      el("span", { class: `method ${method}` }, method.toUpperCase()),
      el("code", { class: "path" }, path),
      el("span", { class: "what" }, operation.summary),
    ),
    el("p", {}, ...prose(operation.description), operation.security ? " No operator token is needed." : ""),
    parameters(operation),
    requestBody(operation),
    answers(operation),
    curl(server, path, method, operation),
  );
}

function draw(api) {
  const server = api.servers[0].url;
  const main = document.getElementById("document");
  const contents = document.getElementById("contents");
  const paragraphs = api.info.description
    .split("\n\n")
    .map((part) =>
      part.startsWith("- ")
        ? el("ul", {}, ...part.split("\n").map((line) => el("li", {}, ...prose(line.slice(2)))))
        : el("p", {}, ...prose(part)),
    );
  main.append(el("p", {}, "Version ", api.info.version, ", at ", el("code", {}, server)), ...paragraphs);

  for (const { name } of api.tags) {
    const found = Object.entries(api.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]?.tags.includes(name)).map((method) => [path, method, item[method]]),
    );
    main.append(
      el("h2", {}, name),
      ...found.map(([path, method, operation]) => drawOperation(server, path, method, operation)),
    );
    contents.append(
      el("h2", {}, name),
      el(
        "ul",
        {},
        ...found.map(([, , operation]) =>
          el("li", {}, el("a", { href: `#${operation.operationId}` }, operation.summary)),
        ),
      ),
    );
  }

  const schemas = Object.entries(api.components.schemas).map(([name, schema]) =>
    el(
      "details",
      { id: `schema-${name}` },
      el("summary", {}, el("code", {}, name)),
      el("p", {}, ...prose(schema.description)),
      members(schema),
    ),
  );
  main.append(el("h2", { id: "schemas" }, "Schemas"), ...schemas);
  const problems = api["x-problems"].map(({ id, status, title }) =>
    el(
      "tr",
      { id: `problem-${id}` },
      el("th", { scope: "row" }, el("code", {}, id)),
      el("td", {}, String(status)),
      el("td", {}, title),
    ),
  );
  main.append(el("h2", { id: "problems" }, "Problems"), el("table", {}, el("tbody", {}, ...problems)));
  contents.append(
    el("h2", {}, "Also"),
    el(
      "ul",
      {},
      el("li", {}, el("a", { href: "#schemas" }, "Schemas")),
      el("li", {}, el("a", { href: "#problems" }, "Problems")),
    ),
  );
}

/** Opens what the address names. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

const state = document.getElementById("state");
try {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`status ${response.status}`);
  draw(await response.json());
  state.remove();
  addEventListener("hashchange", reveal);
  reveal();
} catch (error) {
  state.replaceChildren("The OpenAPI document could not be read: ", error.message);
}
