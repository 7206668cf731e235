// A list of hits.
import { el, ordinal } from './dom.js';
import { textOf, titleLink } from './passage.js';
import { post } from './api.js';

// About what five lines hold, and in half the width: a shorter text needs no button.
const LONG = 520, LONG_BESIDE = 220;

/** The place of each passage in a list, from 1. */
export const placesOf = hits => new Map(hits.map((hit, i) => [hit.id, i + 1]));

export function hitList(page, answer, hits, { id, level = 'h2', places = null, of = 'adapted', depth = 0 }) {
  return el('ol', { class: 'hits', id }, hits.map((hit, i) => el('li', {}, hitOf(page, answer, hit, { place: i + 1, level, places, of, depth, id }))));
}

function hitOf(page, answer, hit, { place, level, places, of, depth, id }) {
  const heading = `${id}-${place}`;
  const { text, button } = textOf(hit, hit.matches, places ? LONG_BESIDE : LONG);
  const why = el('dl', { class: 'why', id: `${heading}-why`, hidden: true }, whyOf(hit, of));
  const whyButton = el('button', { type: 'button', class: 'link why-button', 'aria-expanded': 'false', 'aria-controls': `${heading}-why`, onclick: toggleWhy }, 'Why this');
  const marks = marksOf(page, answer, hit);

  function toggleWhy() {
    why.hidden = !why.hidden;
    whyButton.setAttribute('aria-expanded', String(!why.hidden));
  }

  const article = el('article', { class: 'hit', tabindex: '-1', 'aria-labelledby': heading, 'data-place': place },
    el(level, { id: heading }, titleLink(hit)),
    el('p', { class: 'where' },
      hit.title && hit.source ? el('span', {}, hit.source) : null,
      hit.page ? el('span', {}, `page ${hit.page}`) : null,
      el('span', { title: 'The score: 1 is a passage that is first by words and by meaning' }, hit.score.toFixed(2)),
      places ? placeOf(hit, place, places, of, depth) : null),
    text,
    el('div', { class: 'acts' }, button, whyButton, marks.group, why));
  article.toggleWhy = toggleWhy;
  article.mark = marks.mark;
  return article;
}

function placeOf(hit, place, places, of, depth) {
  const there = places.get(hit.id), other = of === 'base' ? 'adapted' : 'base';
  if (!there) return el('span', { class: 'place' }, `not among the first ${depth} of the ${other}`);
  const up = there - place;
  const words = up === 0 ? `also ${ordinal(there)} by the ${other}` : `${up > 0 ? '▲' : '▼'} ${Math.abs(up)}: ${ordinal(there)} by the ${other}`;
  return el('span', { class: `place ${of === 'adapted' && up > 0 ? 'good' : of === 'adapted' && up < 0 ? 'bad' : ''}` }, words);
}

function whyOf(hit, of) {
  const { words, meaning, training_query: learned } = hit.why;
  const place = (part, by) => part.rank ? `${ordinal(part.rank)} by ${by} alone` : `not among the first 100 by ${by}`;
  return [
    el('dt', {}, 'Words'), el('dd', { class: 'bar words' }, bar(words.share)),
    el('dd', {}, words.score > 0 ? `${place(words, 'words')} (BM25 ${words.score.toFixed(2)})` : 'no word of the question'),
    el('dt', {}, 'Meaning'), el('dd', { class: `bar meaning ${of === 'base' ? 'by-base' : ''}` }, bar(meaning.share)),
    el('dd', {}, `${place(meaning, 'meaning')} (cosine ${meaning.score.toFixed(3)})`),
    learned && of === 'adapted' ? [el('dt', {}, 'Learned'), el('dd', { class: 'learned' }, `“${learned}” is the training query of this passage that is most like yours`)] : null,
  ].flat();
}

function bar(share) {
  const filled = el('i');
  filled.style.inlineSize = `${share * 100}%`;
  return filled;
}

function marksOf(page, answer, hit) {
  const right = el('button', { type: 'button', class: 'right', onclick: () => mark(true) }, 'Right');
  const wrong = el('button', { type: 'button', class: 'wrong', onclick: () => mark(false) }, 'Wrong');
  show();
  return { mark, group: el('div', { class: 'marks', role: 'group', 'aria-label': 'Is this a right answer?' }, right, wrong) };

  // Said once more, it is taken back.
  async function mark(isRight) {
    const before = hit.is_right, wanted = before === isRight ? null : isRight;
    hit.is_right = wanted;
    show();
    try {
      await post('/api/judging/answers', { run: answer.run, query: answer.query, passage: hit.id, is_right: wanted });
      page.tell(null);
    } catch (error) {
      hit.is_right = before;
      show();
      page.tell(error);
    }
  }

  function show() {
    right.setAttribute('aria-pressed', String(hit.is_right === true));
    wrong.setAttribute('aria-pressed', String(hit.is_right === false));
  }
}
