// What is shown, as the address says it: an address can be shared, and the back button works.

const DEFAULTS = { view: 'search', run: '', q: '', by: 'both', words: '', in: '', beside: '', source: '' };

export function read() {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, parameters.get(name) ?? value]));
}

/** Puts a state into the address: as a step of its own that the back button takes back, or in place of the last. */
export function write(state, isStep) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(DEFAULTS)) if (state[name] !== value) parameters.set(name, state[name]);
  const address = parameters.size ? `/?${parameters}` : '/';
  if (address === location.pathname + location.search) return;
  history[isStep ? 'pushState' : 'replaceState'](null, '', address);
}
