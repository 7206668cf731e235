// The search view: asks while somebody types, and shows what comes.
import { byId, count, el } from './dom.js';
import { get } from './api.js';
import { hitList, placesOf } from './hits.js';

const PAUSE = 140, SLOW = 600, SHOWN = 10, COMPARED = 50;

export function createSearch(page) {
  let asked = '', current = null, pending = 0, isNewStep = true, retry = 0;

  const q = byId('q'), results = byId('results'), status = byId('status'), words = byId('words');

  q.addEventListener('focus', () => { isNewStep = true; });
  q.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      // What is typed in one go is one step of the back button.
      page.change({ q: q.value.trim(), in: '' }, isNewStep);
      isNewStep = false;
    }, PAUSE);
  });
  byId('form').addEventListener('submit', event => {
    event.preventDefault();
    clearTimeout(pending);
    page.change({ q: q.value.trim() });
    focusHit(0);
  });
  for (const choice of document.querySelectorAll('[name=by]')) choice.addEventListener('change', () => page.change({ by: choice.value }));
  words.addEventListener('input', () => {
    sayWeight(words.value);
    clearTimeout(pending);
    pending = setTimeout(() => page.change({ words: words.value }, false), PAUSE);
  });
  byId('words-reset').addEventListener('click', () => {
    page.change({ words: '' });
    words.focus();
  });
  byId('compare').addEventListener('change', event => page.change({ beside: event.target.checked ? '1' : '' }));

  // On a narrow page the controls are folded away.
  const narrow = matchMedia('(max-width: 50rem)');
  const fold = () => { byId('refine').open = !narrow.matches; };
  narrow.addEventListener('change', fold);
  fold();

  function show() {
    const { state, run } = page;
    if (document.activeElement !== q || q.value.trim() !== state.q) q.value = state.q;
    byId(`by-${['both', 'meaning', 'words'].includes(state.by) ? state.by : 'both'}`).checked = true;
    words.value = state.words || run.words;
    words.disabled = state.by !== 'both';
    byId('weight').classList.toggle('off', words.disabled);
    sayWeight(state.words || run.words);
    byId('words-default').textContent = `The run has found ${weight(run.words)}.`;
    byId('words-reset').hidden = state.words === '' || words.disabled;
    byId('compare').checked = state.beside === '1';
    byId('compare-field').classList.toggle('off', !run.has_base);
    byId('compare-field').title = run.has_base ? '' : 'The run has not kept what its base makes of the passages';
    showVerdict(run);
    ask();
  }

  async function ask() {
    const { state, run } = page;
    const isBeside = state.beside === '1';
    const request = { q: state.q, run: run.name, by: state.by, words: state.by === 'both' ? state.words : '', in: state.in };
    const key = JSON.stringify([request, isBeside]);
    if (key === asked) return;
    asked = key;
    current?.abort();
    clearTimeout(retry);
    if (!state.q) {
      results.removeAttribute('aria-busy');
      status.textContent = '';
      byId('facets').hidden = true;
      results.replaceChildren(...beginning(run));
      page.tell(run.problem ? { message: `An older version of this run answers, since the newest cannot be opened. ${run.problem}` } : null);
      return;
    }

    const own = current = new AbortController();
    results.setAttribute('aria-busy', 'true');
    const slow = setTimeout(() => { status.textContent = 'Searching…'; }, SLOW);
    try {
      const top = isBeside ? COMPARED : SHOWN;
      const [adapted, base] = await Promise.all([
        get('/api/search', { ...request, top }, own.signal),
        isBeside ? get('/api/search', { ...request, top, model: 'base' }, own.signal).catch(error => { if (error.name === 'AbortError') throw error; return error; }) : null,
      ]);
      page.tell(null);
      showAnswer(adapted, base);

      // It is being loaded: it is asked again, and what is there stays.
      if (base instanceof Error && base.retryAfter) retry = setTimeout(() => { asked = ''; ask(); }, base.retryAfter * 1000);
    } catch (error) {
      if (error.name === 'AbortError') return;
      asked = '';
      if (error.retryAfter) retry = setTimeout(ask, error.retryAfter * 1000);
      else page.tell(error);
    } finally {
      clearTimeout(slow);
      if (current === own) results.removeAttribute('aria-busy');
    }
  }

  function showAnswer(adapted, base) {
    const { state } = page;
    const shown = adapted.hits.slice(0, SHOWN);
    const place = state.in ? ` in ${state.in}` : '';
    const found = shown.length === 0 ? `Nothing was found${place}.` : `${count(shown.length, 'result')}${place}, ${Math.max(1, Math.round(adapted.milliseconds))} ms`;
    showFacets(adapted.facets);
    if (base === null) {
      status.textContent = found;
      results.replaceChildren(shown.length === 0 ? nothing() : hitList(page, adapted, shown, { id: 'hits' }));
      return;
    }

    status.textContent = base instanceof Error ? `${found}. ${base.message}` : `${found}, beside those of the base`;
    const other = base instanceof Error ? null : base;
    const list = (answer, hits, from, id) => hits.length === 0 ? nothing() : hitList(page, answer, hits, { id, level: 'h3', places: from && placesOf(from.hits), of: answer.model, depth: COMPARED });
    results.replaceChildren(el('div', { class: 'beside' },
      el('section', { class: 'by-base', 'aria-labelledby': 'base-heading' }, el('h2', { id: 'base-heading' }, 'Base'),
        other ? list(other, other.hits.slice(0, SHOWN), adapted, 'base-hits') : el('p', { class: 'muted' }, base.message)),
      el('section', { class: 'adapted', 'aria-labelledby': 'adapted-heading' }, el('h2', { id: 'adapted-heading' }, 'Adapted'),
        list(adapted, shown, other, 'hits'))));
  }

  function nothing() {
    return el('div', { class: 'empty' }, el('h2', {}, 'Nothing was found'),
      el('p', { class: 'muted' }, page.state.by === 'words' ? 'No passage has a word of this question. A search by meaning needs none.' : 'Try other words, or look in all documents.'),
      page.state.in ? el('button', { type: 'button', onclick: () => page.change({ in: '' }) }, 'Look in all documents') : null);
  }

  function beginning(run) {
    const about = el('p', { class: 'muted' }, `${count(run.passages, 'passage')} of ${count(run.documents, 'document')}.`);
    if (run.examples.length === 0) return [el('div', { class: 'empty' }, el('h2', {}, 'Ask your documents'), about)];
    return [el('div', { class: 'empty' }, el('h2', {}, 'Questions to begin with'), el('ul', { class: 'examples', id: 'examples' }, run.examples.map(example =>
      el('li', {}, el('button', { type: 'button', onclick: () => page.change({ q: example }) }, example)))), about)];
  }

  function showFacets(facets) {
    const chosen = page.state.in;
    const files = new Map(), folders = [];
    for (const facet of facets) {
      // Each file stands below its own folder; folders that hold folders alone are left out.
      const folder = facet.path.slice(0, facet.path.lastIndexOf('/') + 1);
      if (facet.path.endsWith('/')) folders.push(facet);
      else files.set(folder, [...files.get(folder) ?? [], facet]);
    }
    const row = (facet, label, isBelow) => el('li', { class: isBelow ? 'below' : null }, el('button', {
      type: 'button', 'aria-pressed': String(facet.path === chosen), title: facet.path,
      onclick: () => page.change({ in: facet.path === chosen ? '' : facet.path }),
    }, el('span', {}, label), el('span', { class: 'count' }, String(facet.hits), el('span', { class: 'unseen' }, ' of the best hits'))));
    const byHits = list => list.toSorted((a, b) => b.hits - a.hits);
    const rows = [
      ...byHits(files.get('') ?? []).map(file => row(file, file.path, false)),
      ...byHits(folders.filter(folder => files.has(folder.path))).flatMap(folder => [
        row(folder, folder.path, false), ...byHits(files.get(folder.path)).map(file => row(file, file.path.slice(folder.path.length), true))]),
    ];
    byId('facets').hidden = rows.length < 2 && !chosen;
    byId('facets').replaceChildren(el('h2', {}, 'Where the best hits lie'), el('ul', {}, rows.slice(0, 24)));
  }

  function sayWeight(value) { byId('words-said').textContent = weight(value); }

  function focusHit(place) { results.querySelectorAll('.hit')[place]?.focus(); }

  return { show, focusHit };
}

const weight = value => Number(value).toFixed(2).replace(/^0\./, '.');
const signed = value => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3).replace(/^0\./, '.')}`;

function showVerdict(run) {
  const line = byId('verdict');
  const report = run.report ? el('a', { href: run.report, id: 'report' }, 'Report') : null;
  if (!run.verdict) {
    line.replaceChildren('This run was not measured. ', report ?? '');
    return;
  }
  const { word, difference, with_words: withWords, queries, is_labelled: isLabelled, sentence } = run.verdict;
  const claim = { better: 'Better than its base by meaning', worse: 'Worse than its base by meaning' }[word] ?? 'No difference to its base is shown by meaning';
  const figure = ([low, mean, high]) => `${signed(mean)} (${signed(low)} to ${signed(high)})`;
  const figures = ` nDCG@10 ${figure(difference)}, with words ${figure(withWords)}, on ${count(queries, 'query', 'queries')}${isLabelled ? ', labelled' : ' of documents set aside'}. `;
  line.replaceChildren(el('strong', { class: { better: 'good', worse: 'bad' }[word] ?? null }, `${claim}:`), figures, report ?? '');
  line.title = sentence;
}
