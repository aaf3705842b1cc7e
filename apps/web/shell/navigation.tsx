import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Today } from '../../../libs/api-types/index.js';
import type { ServiceEvent } from '../api/events.js';
import { useFollow } from '../api/follow.js';
import { useAnswer } from '../api/query.js';
import { chooseLanguage, logOut, may, me } from '../api/session.js';
import { Icon } from '../components/icon.js';
import { shell } from '../texts/shell.js';
import { otherLanguage } from '../texts/words.js';
import { linkTo, ownPages, type Page, pageOf, SETTINGS } from './pages.js';
import { switchTheme } from './theme.js';

/** Whether what waits for a person may be another number after this: not after every visit that comes. */
const isAnswer = ({ kind, data }: ServiceEvent): boolean =>
  kind === 'run' ? data.change === 'review' : ['episode', 'sighting', 'resync'].includes(kind);

/** How many questions wait for a person, at all traps; none for who may not answer them. */
export function useQuestions(): number {
  const path = may('editor') ? '/today' : undefined;
  const { data } = useAnswer<Today>(path);
  useFollow(path, isAnswer);
  return data?.call.questions ?? 0;
}

interface LinkProps {
  readonly page: Page;
  readonly isNamed?: boolean;
  /** How many questions wait there */
  readonly count?: number;
}

function PageLink({ page, isNamed = false, count = 0 }: LinkProps) {
  const { path, query } = useLocation();
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

interface NavigationProps {
  /** How many wait for a person */
  readonly questions: number;
}

/** Sidebar of wide windows; a rail of icons on tablets. */
export function Sidebar({ questions }: NavigationProps) {
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
            <PageLink page={page} count={page.name === 'review' ? questions : 0} />
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
export function BottomBar({ questions }: NavigationProps) {
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
          <PageLink key={page.name} page={page} isNamed count={page.name === 'review' ? questions : 0} />
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
