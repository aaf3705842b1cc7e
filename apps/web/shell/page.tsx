import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { offlineSince } from '../api/client.js';
import { waitingVerdicts } from '../api/reviews.js';
import { stationZone } from '../api/session.js';
import { clock } from '../texts/format.js';
import { shell } from '../texts/shell.js';

interface Props {
  /** Of the window, before "· Trapline" */
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The part of the window that a page fills. */
export function Page({ title, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Trapline`;
  }, [title]);
  return (
    <main class="page" id="main" tabIndex={-1}>
      <Offline />
      {children}
    </main>
  );
}

/** While the station does not answer: since when, and what waits for it. */
function Offline() {
  const since = offlineSince.value;
  if (!since) return null;
  const waiting = waitingVerdicts();
  return (
    <p class="notice trouble" role="status">
      {shell.offline(clock(since, stationZone.value))}
      {waiting > 0 && shell.answersWait(waiting)}
    </p>
  );
}

export const SkipLink = () => (
  <a class="skip" href="#main">
    {shell.skip}
  </a>
);
