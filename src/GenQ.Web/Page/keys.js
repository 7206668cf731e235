// Single keys, for who likes them; they can be switched off, since they get in the way of those who dictate.
import { byId } from './dom.js';

const OFF = 'genq-keys-off';

export function startKeys(page, search) {
  const dialog = byId('keys'), isOn = byId('keys-on');
  isOn.checked = localStorage.getItem(OFF) === null;
  isOn.addEventListener('change', () => isOn.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, '1'));
  byId('show-keys').addEventListener('click', () => dialog.showModal());

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return;
    const isTyping = event.target.matches('input[type=search], input[type=text], textarea');
    const hits = [...document.querySelectorAll('.hit')], place = hits.indexOf(event.target.closest?.('.hit'));
    const isSearching = page.state.view === 'search';
    if (isSearching && event.target.id === 'q' && (event.key === 'ArrowDown' || event.key === 'Escape')) {
      if (event.key === 'Escape') event.target.blur();
      else search.focusHit(0);
      event.preventDefault();
      return;
    }
    if (isTyping) return;

    // Arrows move where a result has the focus, elsewhere they scroll.
    const step = { ArrowDown: place >= 0 ? 1 : 0, ArrowUp: place >= 0 ? -1 : 0, j: isOn.checked ? 1 : 0, k: isOn.checked ? -1 : 0 }[event.key];
    if (step && hits.length > 0 && isSearching) {
      if (place + step < 0) byId('q').focus();
      else hits[Math.min(place + step, hits.length - 1)].focus();
      event.preventDefault();
      return;
    }
    if (event.key === 'Enter' && event.target.matches('.hit')) {
      event.target.querySelector('.open')?.click();
      event.preventDefault();
      return;
    }
    if (!isOn.checked) return;
    const act = {
      '/': () => isSearching ? (byId('q').focus(), byId('q').select()) : byId('document-filter').focus(),
      '?': () => dialog.showModal(),
      r: () => hits[place]?.mark(true),
      w: () => hits[place]?.mark(false),
      y: () => hits[place]?.toggleWhy(),
      b: () => isSearching && page.change({ beside: page.state.beside ? '' : '1' }),
    }[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}
