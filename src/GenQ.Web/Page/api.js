// Asks the server. What goes wrong comes as a Problem in words.
import { byId } from './dom.js';

const KEY = 'genq-api-key';

/** What the server refused, in its words. */
export class Problem extends Error {
  constructor(status, words, retryAfter) {
    super(words);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export const get = (path, parameters = {}, signal = undefined) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ''));
  return ask(query.size ? `${path}?${query}` : path, { signal });
};

export const post = (path, body) => ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function ask(path, request) {
  for (;;) {
    const key = sessionStorage.getItem(KEY);
    const headers = { ...request.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
    let answer;
    try {
      answer = await fetch(path, { ...request, headers });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Problem(0, 'The server does not answer. Is it still running?');
    }
    if (answer.ok) return answer.json();
    if (answer.status === 401) {
      await askForKey(key !== null);
      continue;
    }
    const problem = await answer.json().catch(() => ({}));
    throw new Problem(answer.status, problem.detail ?? `The server has answered ${answer.status}.`, Number(answer.headers.get('Retry-After')) || null);
  }
}

let asking = null;

// Requests that are refused at the same time ask once.
function askForKey(isWrong) {
  return asking ??= new Promise(resolve => {
    const dialog = byId('ask-key');
    byId('ask-key-words').textContent = isWrong
      ? 'The server does not know this key. Type it again.'
      : 'This server asks for its API key. It is kept until you close this tab.';
    byId('api-key').value = '';
    dialog.showModal();
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(KEY, byId('api-key').value);
      asking = null;
      resolve();
    }, { once: true });
  });
}
