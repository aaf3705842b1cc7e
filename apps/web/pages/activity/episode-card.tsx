import { useEffect, useRef, useState } from 'preact/hooks';
import type { Episode, Names, Run } from '../../../../libs/api-types/index.js';
import { put, remove } from '../../api/client.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may, me } from '../../api/session.js';
import { onceIn } from '../../charts/activity-hours.js';
import { nameOfRun } from '../../components/names.js';
import { Picture } from '../../components/picture.js';
import { Rich } from '../../components/rich.js';
import { linkOf } from '../../components/run-card.js';
import { toast } from '../../shell/toast.js';
import { activityWords as t } from '../../texts/activity.js';
import { clock, date, number } from '../../texts/format.js';
import { namedGroup, shell } from '../../texts/shell.js';
import { language } from '../../texts/words.js';

/** With the words that the service gives it. */
export type NamedEpisode = Episode & { readonly groupNames?: Names; readonly sentence?: Names };

interface Props {
  readonly episode: NamedEpisode;
  readonly trapName: string;
  readonly zone: string;
  /** It is what the reader came for: it unfolds, and comes into view. */
  readonly isAsked?: boolean;
}

const PICTURES = 7;

/** Unusual hours: what happened, its pictures, and why it was called unusual. */
export function EpisodeCard({ episode, trapName, zone, isAsked = false }: Props) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isAsked) card.current?.scrollIntoView({ block: 'center' });
  }, [isAsked]);
  const { id, state, start, end, evidence } = episode;
  const name = namedGroup(episode.group, episode.groupNames);
  return (
    <article ref={card} class={`episode-card ${state}`} id={`episode-${id}`}>
      <div class="top">
        {state === 'open' && <span class="mark unusual">{shell.unusual}</span>}
        {state === 'closed' && <span class="mark">{t.closed}</span>}
        {state === 'withdrawn' && <span class="mark uncertain">{t.withdrawn}</span>}
        <span>
          {period(start, end, zone)}
          {state === 'open' && ` · ${t.stillOpen}`}
        </span>
      </div>
      <p class="sentence">
        <Rich text={sentenceOf(episode, name, trapName)} />
      </p>
      <Evidence episode={episode} />
      {state === 'withdrawn' && <p class="quiet">{t.withdrawnBecause}</p>}
      <details open={isAsked}>
        <summary>{t.why}</summary>
        <div class="why stack tight">
          {evidence.map(({ localHour, count, expected, upper, pValue }, index) => (
            <p key={index}>
              <Rich text={t.whyHour(t.hour(localHour), number(count), number(expected, 1), number(upper))} />{' '}
              {t.whyChance(number(onceIn(pValue)))}
            </p>
          ))}
          <p>{t.whyHow}</p>
        </div>
      </details>
      <WasRight episode={episode} />
    </article>
  );
}

const ANSWERS = ['yes', 'no', 'other'] as const;
type Answer = (typeof ANSWERS)[number];

/** What people say of an episode, and the own answer, which can be changed and taken back. */
function WasRight({ episode: { id, answers } }: { readonly episode: NamedEpisode }) {
  const isOwn = ({ by, byKind }: NamedEpisode['answers'][number]) =>
    byKind === 'user' && by === me.value?.name;
  const own = answers.find(isOwn)?.answer;
  const others = answers.filter((each) => !isOwn(each));
  const [problem, setProblem] = useState<ApiProblem>();
  const path = `/activity/episodes/${encodeURIComponent(id)}/answer`;
  const say = async (answer: Answer | undefined) => {
    try {
      await (answer ? put(path, { answer }) : remove(path));
      if (answer) toast(t.answerSaved(t[answer]), () => void say(own));
      setProblem(undefined);
    } catch (caught) {
      setProblem(caught as ApiProblem);
    }
    refresh('/activity/episodes');
  };
  if (!may('editor') && !others.length) return null;
  return (
    <div class="was-right">
      {may('editor') && (
        <fieldset class="btns">
          <legend>{t.wasRight}</legend>
          {ANSWERS.map((answer) => (
            <button
              key={answer}
              class="btn"
              type="button"
              aria-pressed={answer === own}
              onClick={() => void say(answer === own ? undefined : answer)}
            >
              {t[answer]}
            </button>
          ))}
        </fieldset>
      )}
      {problem && (
        <p class="error" role="alert">
          {problem.message}
        </p>
      )}
      {others.length > 0 && (
        <p class="hint">{t.answered(others.map(({ by, answer }) => `${by}: ${t[answer]}`).join(' · '))}</p>
      )}
    </div>
  );
}

function sentenceOf(episode: NamedEpisode, group: string, trap: string): string {
  const ready = episode.sentence?.[language.value];
  if (ready) return ready;
  const [only, ...more] = episode.evidence;
  if (only && !more.length)
    return t.sentenceHour(group, trap, number(only.count), only.localHour, number(only.upper));
  return t.sentence(group, trap, number(episode.count), number(episode.expected, 1));
}

function Evidence({ episode: { id, count } }: { readonly episode: Episode }) {
  const path = `episode=${encodeURIComponent(id)}`;
  const { data } = useAnswer<{ readonly items: readonly Run[] }>(`/runs?${path}&limit=${PICTURES}`);
  const runs = data?.items ?? [];
  if (!runs.length) return null;
  const more = count - runs.length;
  return (
    <div class="evidence">
      {runs.map((run) => (
        <a key={run.runId} href={linkOf(run)} aria-label={nameOfRun(run).name} title={nameOfRun(run).name}>
          <Picture thumbnail={run.links.thumbnail} size={128} />
        </a>
      ))}
      {more > 0 && (
        <a class="more" href={`/gallery?${path}`} aria-label={t.moreInGallery(number(more))}>
          +{number(more)}
        </a>
      )}
    </div>
  );
}

/** `end` is the beginning of its last hour's end: "Mon 13 July, 11:00–13:00". */
function period(start: string, end: string, zone: string): string {
  const isOneHour = Date.parse(end) - Date.parse(start) <= 3_600_000;
  const day = date(start, zone, 'short-weekday');
  if (isOneHour) return `${day}, ${clock(start, zone)}`;
  const last = date(end, zone, 'short-weekday');
  return `${day}, ${clock(start, zone)} – ${last === day ? '' : `${last}, `}${clock(end, zone)}`;
}
