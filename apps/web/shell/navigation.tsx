import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { chooseLanguage, logOut, me } from '../api/session.js';
import { Icon } from '../components/icon.js';
import { shell } from '../texts/shell.js';
import { otherLanguage } from '../texts/words.js';
import { linkTo, ownPages, type Page, pageOf, SETTINGS } from './pages.js';
import { switchTheme } from './theme.js';

/** How many questions wait for a person: shown at Review. Pages that learn it set it. */
export const questions = signal(0);

function PageLink({ page, isNamed = false }: { readonly page: Page; readonly isNamed?: boolean }) {
  const { path, query } = useLocation();
  const count = page.name === 'review' ? questions.value : 0;
  return (
    <a
      href={linkTo(page, query, path)}
      aria-current={pageOf(path, query)?.name === page.name ? 'page' : undefined}
      title={shell[page.name]}
    >
      <Icon name={page.name} />
      <span class={isNamed ? undefined : 'word'}>{shell[page.name]}</span>
      {count > 0 && (
        <span class="count">
          <span aria-hidden="true">{count}</span>
          <span class="vh">{shell.needYourCall(count)}</span>
        </span>
      )}
    </a>
  );
}

function Switches() {
  const other = otherLanguage();
  return (
    <>
      <button
        class="btn ghost square"
        type="button"
        lang={other}
        title={shell.otherLanguage}
        aria-label={`${other.toUpperCase()}, ${shell.otherLanguage}`}
        onClick={() => chooseLanguage(other)}
      >
        {other.toUpperCase()}
      </button>
      <button
        class="btn ghost square"
        type="button"
        title={shell.theme}
        aria-label={shell.theme}
        onClick={switchTheme}
      >
        <Icon name="theme" />
      </button>
    </>
  );
}

const LogOut = () => (
  <button
    class="btn ghost square"
    type="button"
    title={shell.logOut}
    aria-label={shell.logOut}
    onClick={() => void logOut()}
  >
    <Icon name="out" />
  </button>
);

/** Sidebar of wide windows; a rail of icons on tablets. */
export function Sidebar() {
  const { name = '', role = 'viewer' } = me.value ?? {};
  return (
    <nav class="side" aria-label={shell.main}>
      <a class="brand" href="/">
        <Icon name="brand" />
        <span class="word">Trapline</span>
      </a>
      <ul>
        {ownPages().map((page) => (
          <li key={page.name}>
            <PageLink page={page} />
          </li>
        ))}
      </ul>
      <ul>
        <li>
          <PageLink page={SETTINGS} />
        </li>
      </ul>
      <div class="foot">
        <span class="hint" title={shell.loggedInAs(name)}>
          {shell[role]}
        </span>
        <Switches />
        <LogOut />
      </div>
    </nav>
  );
}

const IN_BAR = ['today', 'gallery', 'review', 'traps'];

/** Of phones: four pages and a sheet with the others. */
export function BottomBar() {
  const { url, path, query } = useLocation();
  const more = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (more.current) more.current.open = false;
  }, [url]);
  const rest: Page[] = [...ownPages().filter(({ name }) => !IN_BAR.includes(name)), SETTINGS];
  const isInSheet = rest.some(({ name }) => name === pageOf(path, query)?.name);
  return (
    <nav class="bottom" aria-label={shell.main}>
      {ownPages()
        .filter(({ name }) => IN_BAR.includes(name))
        .map((page) => (
          <PageLink key={page.name} page={page} isNamed />
        ))}
      <details
        ref={more}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.open = false;
        }}
      >
        <summary aria-current={isInSheet ? 'true' : undefined}>
          <Icon name="more" />
          <span>{shell.more}</span>
        </summary>
        <div class="sheet">
          {rest.map((page) => (
            <PageLink key={page.name} page={page} isNamed />
          ))}
          <div class="btns">
            <span class="hint">{me.value && shell.loggedInAs(me.value.name)}</span>
            <Switches />
            <LogOut />
          </div>
        </div>
      </details>
    </nav>
  );
}
