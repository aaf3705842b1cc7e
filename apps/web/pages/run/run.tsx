import './run.css';
import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type {
  Run as ListedRun,
  Neighbours,
  RunInFull,
  TaxonInFull,
} from '../../../../libs/api-types/index.js';
import { API, post, withQuery } from '../../api/client.js';
import { useEvents } from '../../api/events.js';
import { neighboursOf } from '../../api/pages.js';
import { refresh, useAnswer } from '../../api/query.js';
import { latest } from '../../api/reviews.js';
import { session } from '../../api/session.js';

import { type Traps, useTraps } from '../../api/traps.js';
import { copy } from '../../components/copy.js';
import { creditOf } from '../../components/credit.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { First, isUncertain, Reviewed, Uncertain } from '../../components/marks.js';
import type { Named } from '../../components/names.js';
import { Latin, Name, nameOfRun } from '../../components/names.js';
import { linkOf, RunCard } from '../../components/run-card.js';
import { Verdict } from '../../components/verdict.js';
import { useKeys } from '../../shell/keys.js';
import { Page } from '../../shell/page.js';
import { runWords as t } from '../../texts/run.js';
import { shell } from '../../texts/shell.js';
import { language, otherLanguage } from '../../texts/words.js';
import { bestPicture } from './best-picture.js';
import { saveWithCaption } from './caption.js';
import { Facts } from './facts.js';
import { History } from './history.js';
import { ModelSaid } from './model-said.js';
import { Pictures } from './pictures.js';

const DAY_S = 86_400;
const SHARED_DAYS = 7;

/** What is this, and how do we know? */
export function Run() {
  const { params } = useRoute();
  const key = { trapId: params['trapId'] ?? '', runId: params['runId'] ?? '' };
  const path = linkOf(key);
  const traps = useTraps();
  const { data, error, reload } = useAnswer<RunInFull>(path);
  useEvents(({ kind, data: changed }) => {
    if (kind === 'poll' || (changed.trapId === key.trapId && changed.runId === key.runId)) refresh(path);
  });
  if (!data || !traps.areKnown)
    return (
      <Page title={shell.gallery}>
        <Head run={key} />
        {error ? (
          <Failed error={error} onRetry={reload} />
        ) : (
          <div class="specimen" aria-busy="true">
            <div class="stage" />
          </div>
        )}
      </Page>
    );
  return <Shown key={path} run={latest(data)} traps={traps} />;
}

function Shown({ run, traps }: { readonly run: RunInFull; readonly traps: Traps }) {
  const shown = nameOfRun(run);
  const best = bestPicture(run.crops, run.observation?.label);
  const [index, setIndex] = useState(best);
  const { data: taxon, isLoading } = useAnswer<TaxonInFull>(
    run.observation && !run.observation.unsure
      ? `/taxa/${encodeURIComponent(run.observation.taxon ?? run.observation.label)}`
      : undefined,
  );
  const station = session.value?.station;
  const credit = creditOf(traps.nameOf(run.trapId), {
    holder: station?.rightsHolder,
    licence: station?.mediaLicence,
  });
  const share = async () => {
    const { url } = await post<{ url: string }>(`${linkOf(run)}/share`, { expiresInS: SHARED_DAYS * DAY_S });
    // Without TRAPLINE_PUBLIC_URL the station knows no address of its own: it is found where this page is.
    await copy(new URL(url, location.href).href, t.shared);
  };
  const picture = run.crops[index];
  return (
    <Page title={shown.name}>
      <Head run={run} />
      <div class="specimen">
        <div class="area-look">
          <Pictures
            run={run}
            name={shown.name}
            zone={traps.zoneOf(run.trapId)}
            best={best}
            index={index}
            onIndex={setIndex}
          />
        </div>
        <More run={run} traps={traps} />
        <div class="area-tell">
          <div class="title">
            <Marks run={run} />
            <h1>
              <Name shown={shown} />
            </h1>
            {(shown.latin || shown.other) && (
              <p class="also">
                {shown.latin && <Latin>{shown.latin}</Latin>}
                {shown.latin && shown.other && ' · '}
                {shown.other && <span lang={otherLanguage()}>{shown.other}</span>}
              </p>
            )}
            {isLoading ? <p class="note">&nbsp;</p> : taxon?.note && <Note note={taxon.note} />}
          </div>
          <ModelSaid run={run} />
          <Verdict run={run} />
          <Facts run={run} traps={traps} crop={picture} />
          <History run={run} zone={traps.zoneOf(run.trapId)} />
          <div class="btns">
            <a class="btn" href={`${API}${linkOf(run)}/images.zip`} download>
              <Icon name="downloads" small />
              {t.zip}
            </a>
            <button class="btn" type="button" onClick={() => void share()}>
              <Icon name="link" small />
              {t.share}
            </button>
            {picture && !picture.removed && (
              <button
                class="btn"
                type="button"
                onClick={() => void saveWithCaption(run, picture, traps, credit)}
              >
                <Icon name="picture" small />
                {t.png}
              </button>
            )}
          </div>
          <p class="credit">
            {t.credit(credit)}{' '}
            <button class="link" type="button" onClick={() => void copy(credit)}>
              {shell.copy}
            </button>
          </p>
        </div>
      </div>
    </Page>
  );
}

/** Back to the gallery, and to the visits before and after in the list from which the reader came. */
function Head({ run }: { readonly run: Pick<ListedRun, 'trapId' | 'runId'> }) {
  const { route } = useLocation();
  const { list, path, ...loaded } = neighboursOf<ListedRun>(linkOf(run), linkOf);
  // Who came by a link, or is at the end of what was loaded, goes on all the same.
  const { data } = useAnswer<Neighbours>(
    loaded.newer && loaded.older ? undefined : `${linkOf(run)}/neighbours?${filterOf(path)}`,
  );
  const newer = loaded.newer ?? data?.newer ?? undefined;
  const older = loaded.older ?? data?.older ?? undefined;
  const go = (to: Pick<ListedRun, 'trapId' | 'runId'> | undefined) => to && route(linkOf(to), true);
  useKeys([
    { key: 'k', does: t.newer, act: () => go(newer) },
    { key: 'j', does: t.older, act: () => go(older) },
  ]);
  return (
    <div class="page-head">
      <a class="btn ghost" href={list ?? '/gallery'}>
        <Icon name="left" small />
        {shell.gallery}
      </a>
      <div class="end">
        <button
          class="btn square"
          type="button"
          aria-label={t.newer}
          disabled={!newer}
          onClick={() => go(newer)}
        >
          <Icon name="left" small />
        </button>
        <button
          class="btn square"
          type="button"
          aria-label={t.older}
          disabled={!older}
          onClick={() => go(older)}
        >
          <Icon name="right" small />
        </button>
      </div>
    </div>
  );
}

/** The filter of a list, as its path in the API has it. */
function filterOf(path = ''): URLSearchParams {
  const filter = new URLSearchParams(path.split('?')[1]);
  filter.delete('limit');
  return filter;
}

function Marks({ run }: { readonly run: RunInFull }) {
  return (
    <div class="marks">
      {run.firstSighting && <First kind={run.firstSighting} />}
      {run.reviewed ? (
        <Reviewed />
      ) : isUncertain(run) ? (
        <Uncertain probability={run.observation?.probability ?? null} />
      ) : (
        <span class="hint">{shell.notReviewed}</span>
      )}
    </div>
  );
}

const Note = ({ note }: { readonly note: NonNullable<TaxonInFull['note']> }) => (
  <p class="quiet note">
    {note[language.value]}{' '}
    {note.source.url ? (
      <a href={note.source.url} rel="noreferrer" target="_blank" title={note.source.title}>
        {t.source}
      </a>
    ) : (
      <span class="hint">{note.source.title}</span>
    )}
  </p>
);

/** Of the same name at this trap, the newest. */
function More({ run, traps }: { readonly run: RunInFull; readonly traps: Traps }) {
  const { label } = (run.observation ?? {}) as Named;
  const { data } = useAnswer<{ items: readonly ListedRun[] }>(
    label ? withQuery('/runs', { trap: run.trapId, label, limit: 5 }) : undefined,
  );
  const others = (data?.items ?? []).filter(({ runId }) => runId !== run.runId).slice(0, 4);
  if (others.length === 0) return null;
  return (
    <section class="area-more" aria-labelledby="like">
      <div class="section-head">
        <h2 id="like">{t.like}</h2>
        <span class="hint">{t.sameName}</span>
      </div>
      <ul class="runs two">
        {others.map((each) => (
          <li key={each.runId}>
            <RunCard run={each} traps={traps} withDate />
          </li>
        ))}
      </ul>
    </section>
  );
}
