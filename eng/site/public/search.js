// Asks the GenQ server that serves these pages. A host of static files has none: the box in the bar finds words there.
const form = document.getElementById("ask");
const question = document.getElementById("question");
const state = document.getElementById("state");
const answers = document.getElementById("answers");
let asked = new AbortController();

form.addEventListener("submit", (event) => event.preventDefault());
question.addEventListener("input", ask);
question.value = new URLSearchParams(location.search).get("q") ?? "";
ask();

async function ask() {
  asked.abort();
  asked = new AbortController();
  const query = question.value.trim();
  if (!query) {
    state.textContent = "";
    answers.replaceChildren();
    return;
  }

  try {
    const response = await fetch(`/api/search?top=10&q=${encodeURIComponent(query)}`, { signal: asked.signal });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const { hits } = await response.json();
    state.textContent = `${hits.length} passages`;
    answers.replaceChildren(...hits.map(show));
  } catch (error) {
    if (error.name === "AbortError") return;
    answers.replaceChildren();
    state.textContent = `No GenQ server answers here (${error.message}). Serve these pages with genq serve, or use the search box in the bar.`;
  }
}

function show(hit) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.textContent = hit.title || hit.source || hit.id;
  if (hit.source) link.href = hit.source.replace(/\.md$/, ".html");
  const text = document.createElement("p");
  text.textContent = hit.text.length <= 300 ? hit.text : `${hit.text.slice(0, 300)} …`;
  item.append(link, text);
  return item;
}
