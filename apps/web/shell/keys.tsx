import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Dialog } from '../components/dialog.js';
import { shell } from '../texts/shell.js';
import { linkTo, ownPages } from './pages.js';
import { undoToast } from './toast.js';

/** A key of a page, by `event.key`, with what it does. */
export interface PageKey {
  readonly key: string;
  readonly does: string;
  readonly act: () => void;
}

const KEY_NAMES: Readonly<Record<string, string>> = { ' ': '␣', ArrowLeft: '←', ArrowRight: '→' };
const GO_MS = 1500;
/** By the component that has them; the newest come first. */
const pageKeys = signal<ReadonlyMap<object, readonly PageKey[]>>(new Map());
const allPageKeys = () => [...pageKeys.value.values()].reverse().flat();
const areShown = signal(false);
export const showKeys = () => {
  areShown.value = true;
};

/** Keys that work while this component is shown. */
export function useKeys(keys: readonly PageKey[]): void {
  const owner = useRef({}).current;
  // Before the next key: it must not act on what was shown before.
  useLayoutEffect(() => {
    pageKeys.value = new Map(pageKeys.peek()).set(owner, keys);
  });
  useLayoutEffect(
    () => () => {
      const rest = new Map(pageKeys.peek());
      rest.delete(owner);
      pageKeys.value = rest;
    },
    [],
  );
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** The keys of every page: `g` and a letter, `/`, `?`, `z`. */
export function Keys() {
  const { route, query, path } = useLocation();
  const wentAtMs = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event) || document.querySelector('dialog[open]')) return;
      const goes = Date.now() - wentAtMs.current < GO_MS;
      wentAtMs.current = 0;
      const page = goes && ownPages().find((each) => each.key === key);
      const own = allPageKeys().find((each) => each.key === key);
      if (page) route(linkTo(page, query, path));
      else if (key === 'g') wentAtMs.current = Date.now();
      else if (own) own.act();
      else if (key === '?') areShown.value = true;
      else if (key === '/') focusSearch(() => route('/gallery?search'));
      else if (key !== 'z' || !undoToast()) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [path, query]);
  return areShown.value ? <KeyList /> : null;
}

function focusSearch(otherwise: () => void): void {
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  if (field) field.focus();
  else otherwise();
}

function KeyList() {
  const everywhere = [
    ['/', shell.keySearch],
    ['z', shell.undo],
    ['?', shell.keyHelp],
    ['Esc', shell.keyClose],
  ] as const;
  const rows = (title: string, list: readonly (readonly [string, string])[]) =>
    list.length > 0 && (
      <section>
        <h3>{title}</h3>
        <dl class="keys">
          {list.map(([key, does]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((part) => (
                  <kbd key={part}>{part}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </section>
    );
  return (
    <Dialog
      title={shell.keys}
      onClose={() => {
        areShown.value = false;
      }}
    >
      <div class="stack">
        {rows(
          shell.keysOfThisPage,
          allPageKeys().map(({ key, does }) => [KEY_NAMES[key] ?? key, does] as const),
        )}
        {rows(
          shell.keysOfPages,
          ownPages().map(({ name, key }) => [`g ${key}`, shell[name]] as const),
        )}
        {rows(shell.keysEverywhere, everywhere)}
      </div>
    </Dialog>
  );
}
