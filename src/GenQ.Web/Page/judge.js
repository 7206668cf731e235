// The judge view: documents, and their generated queries to reject, to edit, and to add to.
import { byId, count, el } from './dom.js';
import { get, post } from './api.js';
import { textOf, titleLink, titleOf } from './passage.js';

const DROPPED = {
  Empty: 'dropped: empty', OneWord: 'dropped: one word', Duplicate: 'dropped: a duplicate', Repetitive: 'dropped: it repeats itself',
  NotFound: 'dropped: it does not find its passage', NotSelfContained: 'dropped: it points at its text',
};

// About what five lines hold.
const LONG = 520;

export function createJudge(page) {
  let run = null, source = null, documents = [], asked = 0;

  byId('document-filter').addEventListener('input', showDocuments);

  async function show() {
    try {
      if (run !== page.run.name) {
        run = page.run.name;
        source = null;
        const answer = await get('/api/judging/documents', { run });
        documents = answer.documents;
        showCounts(answer.judged);
      }
      const wanted = documents.some(document => document.source === page.state.source) ? page.state.source : documents[0]?.source;
      const isOther = wanted !== source;
      source = wanted;
      showDocuments();
      if (isOther) await showPassages();
      page.tell(null);
    } catch (error) {
      run = null;
      page.tell(error);
    }
  }

  function showCounts({ right, wrong, rejected, added }) {
    byId('judged').replaceChildren(
      el('strong', {}, count(rejected, 'query', 'queries')), ' rejected, ', el('strong', {}, String(added)), ' added; ',
      el('strong', {}, count(right, 'answer')), ' marked right, ', el('strong', {}, String(wrong)), ' wrong.');
  }

  function showDocuments() {
    const wanted = byId('document-filter').value.trim().toLowerCase();
    byId('documents').replaceChildren(...documents.filter(document => document.source.toLowerCase().includes(wanted)).map(document => el('li', {}, el('a', {
      href: `/?${new URLSearchParams({ view: 'judge', run, source: document.source })}`,
      'aria-current': document.source === source ? 'true' : null,
      onclick: event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        page.change({ source: document.source });
      },
    }, document.source, el('span', {}, [count(document.queries, 'query', 'queries'), document.rejected ? `${document.rejected} rejected` : '', document.added ? `${document.added} added` : ''].filter(Boolean).join(', '))))));
  }

  async function showPassages() {
    const own = ++asked, list = byId('passage-list');
    byId('passages-heading').textContent = source ?? 'This run has no documents';
    list.replaceChildren();
    if (source) await more(0);

    async function more(from) {
      const answer = await get('/api/judging/queries', { run, source, from });

      // Somebody has gone on to another document meanwhile.
      if (own !== asked) return;
      list.querySelector('.more')?.remove();
      list.append(...answer.passages.map(passageOf));
      const shown = from + answer.passages.length;
      if (shown < answer.total) list.append(el('button', { type: 'button', class: 'more', onclick: () => more(shown).catch(page.tell) }, `Show more (${shown} of ${answer.total})`));
    }
  }

  function passageOf(passage) {
    const queries = el('ul', { class: 'queries' });
    const field = el('input', { type: 'text', maxlength: '2000', 'aria-label': `A query of your own for ${titleOf(passage)}`, placeholder: 'A query of your own', autocomplete: 'off' });
    const { text, button } = textOf(passage, [], LONG);
    showQueries();
    return el('article', { class: 'hit' },
      el('h3', {}, titleLink(passage)),
      el('p', { class: 'where' }, passage.page ? `page ${passage.page}` : null),
      text,
      button ? el('div', { class: 'acts' }, button) : null,
      queries);

    function showQueries() {
      queries.replaceChildren(...passage.queries.map(rowOf), el('li', {}, el('form', { class: 'add', onsubmit: add }, field, el('button', {}, 'Add'))));
    }

    async function add(event) {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      if (await change({ query: text, change: 'add' })) {
        if (!passage.queries.some(query => query.is_added && query.text === text)) passage.queries.push({ text, use: passage.queries[0]?.use ?? 'trains', verdict: null, is_rejected: false, is_added: true });
        field.value = '';
        showQueries();
        field.focus();
      }
    }

    function rowOf(query) {
      const row = el('li', { class: query.is_rejected ? 'rejected' : null });
      showRow();
      return row;

      function showRow() {
        const tag = query.is_added ? 'yours' : query.use === 'measures' ? 'measures' : DROPPED[query.verdict] ?? null;
        const put = query.is_added ? 'Remove' : query.is_rejected ? 'Restore' : 'Reject';
        row.replaceChildren(
          el('span', { class: 'words' }, query.text), tag ? el('span', { class: 'tag' }, tag) : '',
          el('button', { type: 'button', 'aria-label': `${put}: ${query.text}`, onclick: () => drop(put.toLowerCase()) }, put),
          query.is_rejected ? '' : el('button', { type: 'button', 'aria-label': `Edit: ${query.text}`, onclick: edit }, 'Edit'));
      }

      async function drop(kind) {
        if (!await change({ query: query.text, change: kind })) return;
        if (kind === 'remove') passage.queries.splice(passage.queries.indexOf(query), 1);
        else query.is_rejected = kind === 'reject';
        const place = [...queries.children].indexOf(row);
        showQueries();
        (queries.children[Math.min(place, passage.queries.length - 1)] ?? queries).querySelector('button')?.focus();
      }

      function edit() {
        const own = el('input', { type: 'text', maxlength: '2000', value: query.text, 'aria-label': 'The query in other words', autocomplete: 'off' });
        const cancel = () => { showRow(); row.querySelector('button:last-child').focus(); };
        row.replaceChildren(el('form', { class: 'add', onsubmit: save, onkeydown: event => { if (event.key === 'Escape') cancel(); } }, own, el('button', {}, 'Save'), el('button', { type: 'button', onclick: cancel }, 'Cancel')));
        own.focus();

        async function save(event) {
          event.preventDefault();
          const text = own.value.trim();
          if (!text || text === query.text) return cancel();
          if (!await change({ query: query.text, change: 'edit', to: text })) return;
          if (query.is_added) query.text = text;
          else {
            query.is_rejected = true;
            passage.queries.push({ text, use: query.use, verdict: null, is_rejected: false, is_added: true });
          }
          showQueries();
        }
      }
    }

    async function change(difference) {
      try {
        showCounts(await post('/api/judging/queries', { run, passage: passage.id, ...difference }));
        page.tell(null);
        const answer = await get('/api/judging/documents', { run });
        documents = answer.documents;
        showDocuments();
        return true;
      } catch (error) {
        page.tell(error);
        return false;
      }
    }
  }

  return { show };
}
