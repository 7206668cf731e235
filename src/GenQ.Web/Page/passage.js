// What a passage looks like, wherever it is shown.
import { el } from './dom.js';

/** Its headings, else what it is called. */
export const titleOf = passage => passage.title?.split(' > ').join(' › ') ?? passage.source ?? passage.id;

/** Its title, which opens its document where that is at hand. */
export const titleLink = passage => passage.link ? el('a', { href: passage.link, target: '_blank', rel: 'noopener', class: 'open' }, titleOf(passage)) : titleOf(passage);

/** Its text, with some of it marked, and the button that shows all of a text that has more than so many characters. */
export function textOf(passage, places, most) {
  const isLong = passage.text.length > most;
  const text = el('div', { class: isLong ? 'text short' : 'text' }, paragraphs(passage.text, places));
  if (!isLong) return { text, button: null };
  const button = el('button', { type: 'button', class: 'link', 'aria-expanded': 'false', onclick: toggle }, 'Show all');
  return { text, button };

  function toggle() {
    const isShort = text.classList.toggle('short');
    button.textContent = isShort ? 'Show all' : 'Show less';
    button.setAttribute('aria-expanded', String(!isShort));
  }
}

// Places are pairs of start and end, in the order of the text.
function paragraphs(text, places) {
  const result = [];
  let start = 0;
  for (const gap of [...text.matchAll(/\n\s*\n/g), { index: text.length, 0: '' }]) {
    const own = places.filter(([from, to]) => from >= start && to <= gap.index);
    if (gap.index > start) result.push(el('p', {}, marked(text, own, start, gap.index)));
    start = gap.index + gap[0].length;
  }
  return result;
}

function marked(text, places, start, stop) {
  const parts = [];
  for (const [from, to] of places) {
    parts.push(text.slice(start, from), el('mark', {}, text.slice(from, to)));
    start = to;
  }
  parts.push(text.slice(start, stop));
  return parts;
}
