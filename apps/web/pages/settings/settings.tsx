import './settings.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { DeadLetter } from '../../../../libs/api-types/index.js';
import { useAnswer } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Page } from '../../shell/page.js';
import { number } from '../../texts/format.js';
import { settingsWords as t } from '../../texts/settings.js';
import { BackupState } from './backup-state.js';
import { DeadLetters } from './dead-letters.js';
import { type Findings, Health } from './health.js';
import { Keys } from './keys.js';
import { Models } from './models.js';
import { People } from './people.js';
import { Retention } from './retention.js';

const LISTED = 100;

/** Sub-pages, with the least role that may open them. */
const SECTIONS = [
  { id: 'people', name: 'people', role: 'viewer', shown: People },
  { id: 'keys', name: 'keys', role: 'admin', shown: Keys },
  { id: 'models', name: 'models', role: 'viewer', shown: Models },
  { id: 'retention', name: 'retention', role: 'admin', shown: Retention },
  { id: 'backup', name: 'backup', role: 'admin', shown: BackupState },
  { id: 'dead-letters', name: 'deadLetters', role: 'editor', shown: DeadLetters },
  { id: 'health', name: 'health', role: 'admin', shown: Health },
] as const;

/** Why is it not working; who may what? */
export function Settings() {
  const { part: id = 'people' } = useRoute().params;
  const part = SECTIONS.find((each) => each.id === id) ?? SECTIONS[0];
  const Shown = part.shown;
  const links = useRef<HTMLElement>(null);
  // On phones the links are a line that scrolls sideways.
  useEffect(() => {
    const current = links.current?.querySelector<HTMLElement>('[aria-current]');
    if (current && links.current)
      links.current.scrollLeft = current.offsetLeft - links.current.clientWidth / 3;
  }, [part.id]);
  return (
    <Page title={t[part.name]}>
      <div class="page-head">
        <h1>{t.title}</h1>
      </div>
      <div class="settings">
        <nav class="subnav" ref={links} aria-label={t.title}>
          {SECTIONS.filter(({ role }) => may(role)).map((each) => (
            <a
              key={each.id}
              href={`/settings/${each.id}`}
              aria-current={each.id === part.id ? 'page' : undefined}
            >
              {t[each.name]}
              {each.id === 'dead-letters' && <LetterCount />}
              {each.id === 'health' && <FindingCount />}
            </a>
          ))}
        </nav>
        <div class="stack wide">
          {may(part.role) ? (
            <Shown />
          ) : (
            <p class="quiet">
              {part.role === 'admin' ? t.onlyAdmin(t[part.name]) : t.onlyEditor(t[part.name])}
            </p>
          )}
        </div>
      </div>
    </Page>
  );
}

const Count = ({ children }: { readonly children: ComponentChildren }) => (
  <span class="count calm">{children}</span>
);

function LetterCount() {
  const { data } = useAnswer<{ readonly items: readonly DeadLetter[]; readonly next?: string }>(
    `/dead-letters?limit=${LISTED}`,
  );
  const count = data?.items.length ?? 0;
  return count ? <Count>{`${number(count)}${data?.next ? '+' : ''}`}</Count> : null;
}

function FindingCount() {
  const { data } = useAnswer<Findings>('/health/findings');
  const count = data?.items.filter(({ level }) => level !== 'ok').length ?? 0;
  return count ? <Count>{number(count)}</Count> : null;
}
