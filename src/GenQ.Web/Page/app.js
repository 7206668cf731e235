// Begins, and leads to one of the two views: search, and judge.
import { byId, el } from './dom.js';
import { get } from './api.js';
import { read, write } from './state.js';
import { createSearch } from './search.js';
import { createJudge } from './judge.js';
import { startKeys } from './keys.js';

const page = { state: read(), runs: [], run: null, change, tell };
const search = createSearch(page);
const judge = createJudge(page);

/** Changes what is shown. */
function change(difference, isStep = true) {
  Object.assign(page.state, difference);
  write(page.state, isStep);
  show();
}

/** Says what went wrong, or that it is mended. */
function tell(error) {
  byId('problem').textContent = error?.message ?? '';
  byId('problem').hidden = !error;
}

function show() {
  const { state } = page;
  page.run = page.runs.find(run => run.name === state.run) ?? page.runs[0];
  const isJudging = state.view === 'judge';
  byId('search').hidden = isJudging;
  byId('judge').hidden = !isJudging;
  byId('heading').textContent = isJudging ? 'Judge' : 'Search';
  byId('view-search').toggleAttribute('aria-current', !isJudging);
  byId('view-judge').toggleAttribute('aria-current', isJudging);
  for (const view of ['search', 'judge']) {
    const link = byId(`view-${view}`);
    if (link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'page');
  }
  byId('run').value = page.run.name;
  document.title = isJudging ? `Judge ${page.run.name} · GenQ` : state.q ? `${state.q} · GenQ` : `GenQ search`;
  (isJudging ? judge : search).show();
}

/** Follows a link of the page without loading the page anew. */
function stay(id, difference) {
  byId(id).addEventListener('click', event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    change(typeof difference === 'function' ? difference() : difference);
  });
}

async function start() {
  stay('home', () => ({ view: 'search', q: '', in: '', source: '' }));
  stay('view-search', { view: 'search' });
  stay('view-judge', { view: 'judge' });
  startKeys(page, search);
  try {
    page.runs = await get('/api/runs');
  } catch (error) {
    tell(error);
    return;
  }
  byId('run').append(...page.runs.map(run => el('option', { value: run.name }, run.name)));
  byId('run-field').hidden = page.runs.length === 1;
  byId('run').addEventListener('change', event => change({ run: event.target.value, in: '', words: '', source: '' }));
  window.addEventListener('popstate', () => {
    page.state = read();
    show();
  });
  show();
  if (page.state.view === 'search' && !page.state.q && matchMedia('(hover: hover)').matches) byId('q').focus();
}

start();
