// The Dutch texts, from nl.json: `text("since", {at, age})`, `texts.states.ok`.
export let texts = {};

const AGAIN_MS = 2000;

// Tries until the server answers: a page without its texts could not even say what is wrong.
export async function fetchJson(address) {
  for (;;) {
    try {
      const answer = await fetch(address);
      if (answer.ok) return await answer.json();
    } catch {
      // no connection; again below
    }
    await new Promise((resume) => setTimeout(resume, AGAIN_MS));
  }
}

export async function loadTexts() {
  texts = await fetchJson("/static/nl.json");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
}

export function fill(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function text(name, values = {}) {
  return fill(texts[name] ?? name, values);
}
