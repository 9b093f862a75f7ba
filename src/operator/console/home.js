// The landing page: full URLs to copy, and how the gateway is, asked every ten seconds while somebody looks.

for (const element of document.querySelectorAll("[data-path]")) {
  element.textContent = location.origin + element.dataset.path;
}

const status = document.getElementById("health");

async function look() {
  try {
    const response = await fetch("/healthz", { cache: "no-store" });
    const health = await response.json();
    show(
      response.ok,
      response.ok ? `Running, version ${health.version}` : `Not well: ${health.detail ?? health.title}`,
    );
  } catch {
    show(false, "Does not answer");
  }
}

function show(isWell, text) {
  status.textContent = text;
  status.dataset.well = String(isWell);
}

await look();
setInterval(() => {
  if (document.visibilityState === "visible") look();
}, 10_000);
