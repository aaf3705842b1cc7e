import './downloads.css';
import '../gallery/gallery.css';
import { useLocation } from 'preact-iso/router';
import { API, withQuery } from '../../api/client.js';
import { useJobs } from '../../api/jobs.js';
import { useAnswer } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { type Traps, useTraps } from '../../api/traps.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { JobLine } from '../../components/job-line.js';
import { nameOf } from '../../components/names.js';
import { Page } from '../../shell/page.js';
import { downloadWords as t } from '../../texts/downloads.js';
import { bytes, clock, date, days as daysText, minutes, number } from '../../texts/format.js';
import { shell } from '../../texts/shell.js';
import { language } from '../../texts/words.js';
import { apiFilter, type GalleryQuery } from '../gallery/filter.js';
import { FilterBar } from '../gallery/filter-bar.js';
import { forget, recent, remember } from './recent.js';

interface Summary {
  readonly runs: number;
  readonly pictures: number;
  readonly bytes: number;
  readonly insects: number;
  readonly effortMinutes: number | null;
}

/** Give me the data: what the filter of the address holds, in the form that somebody needs. */
export function Downloads() {
  const { query } = useLocation();
  const traps = useTraps();
  const zone = query['trap'] ? traps.zoneOf(query['trap']) : stationZone.value;
  const filter = apiFilter(query, zone);
  const { data, error, reload } = useAnswer<Summary>(withQuery('/runs/summary', filter));
  return (
    <Page title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
      </div>
      <FilterBar query={query} traps={traps} zone={zone} />
      {error && <Failed error={error} onRetry={reload} />}
      <Preview summary={data} hasFailed={error !== undefined} />
      <Formats filter={filter} said={filterText(query, traps)} summary={data} />
      <Recent />
    </Page>
  );
}

interface PreviewProps {
  readonly summary: Summary | undefined;
  readonly hasFailed: boolean;
}

function Preview({ summary, hasFailed }: PreviewProps) {
  if (hasFailed) return null;
  if (summary?.runs === 0)
    return (
      <section class="card roomy stack">
        <h2>{t.nothing}</h2>
        <p class="quiet">{t.nothingHow}</p>
        <div>
          <a class="btn" href="/downloads">
            {t.clear}
          </a>
        </div>
      </section>
    );
  const { runs, insects, pictures, bytes: size, effortMinutes } = summary ?? {};
  const text = (value: number | undefined, how = number as (value: number) => string) =>
    value === undefined ? '…' : how(value);
  return (
    <section class="card roomy" aria-label={t.included}>
      <div class="preview">
        <div>
          <b>{text(runs)}</b>
          <span class="hint">{t.visits(text(insects))}</span>
        </div>
        <div>
          <b>{text(pictures)}</b>
          <span class="hint">{t.pictures}</span>
        </div>
        <div>
          <b>{text(size, bytes)}</b>
          <span class="hint">{t.withPictures}</span>
        </div>
        <div>
          <b>{effortMinutes === null ? '–' : text(effortMinutes, minutes)}</b>
          <span class="hint">{effortMinutes === null ? t.effortUnknown : t.recorded}</span>
        </div>
      </div>
    </section>
  );
}

interface FormatsProps {
  readonly filter: ReturnType<typeof apiFilter>;
  /** The filter in words */
  readonly said: string;
  readonly summary: Summary | undefined;
}
type File = readonly [name: string, shown: string, more?: Readonly<Record<string, string>>];

function Formats({ filter, said, summary }: FormatsProps) {
  const size = summary?.bytes ? bytes(summary.bytes) : '';
  const formats: readonly (readonly [string, string, readonly File[]])[] = [
    [
      t.table,
      t.tableHow,
      [
        ['runs.csv', t.csv],
        ['runs.csv', t.excel, { excel: 'true' }],
        ['runs.ndjson', t.ndjson],
      ],
    ],
    [t.pics, t.picsHow, [['images.zip', t.zip(size)]]],
    [
      t.camtrap,
      t.camtrapHow,
      [
        ['camtrap-dp.zip', t.camtrapFile],
        ['camtrap-dp.zip', t.camtrapMedia, { media: 'true' }],
      ],
    ],
    [t.darwin, t.darwinHow, [['dwca.zip', t.archive]]],
    [
      t.insectDetect,
      t.insectDetectHow,
      [
        ['crops.csv', t.perPicture],
        ['top1-final.csv', t.final],
      ],
    ],
    [
      t.reviews,
      t.reviewsHow,
      [
        ['reviews.csv', t.csv],
        ['reviews.csv', t.excel, { excel: 'true' }],
      ],
    ],
  ];
  return (
    <section class="section" aria-labelledby="formats">
      <div class="section-head">
        <h2 id="formats">{t.as}</h2>
      </div>
      <div class="formats">
        {formats.map(([title, how, files]) => (
          <article key={title} class="card format">
            <h3>{title}</h3>
            <p class="quiet">{how}</p>
            <div class="btns">
              {files.map(([name, shown, more]) => {
                const path = API + withQuery(`/downloads/${name}`, { ...filter, ...more });
                return (
                  <a
                    key={shown}
                    class="btn"
                    href={path}
                    download
                    onClick={() =>
                      remember({ title: `${title}, ${shown.split(',')[0]}: ${said}`, path, atMs: Date.now() })
                    }
                  >
                    <Icon name="downloads" small />
                    {shown}
                    <span class="vh">, {title}</span>
                  </a>
                );
              })}
            </div>
          </article>
        ))}
      </div>
    </section>
  );
}

function Recent() {
  const { jobs } = useJobs(['download', 'camtrap-dp', 'dwca']);
  const zone = stationZone.value;
  return (
    <section class="section" aria-labelledby="recent">
      <div class="section-head">
        <h2 id="recent">{t.recent}</h2>
      </div>
      <div class="card roomy">
        {!jobs.length && !recent.value.length && <p class="quiet">{t.noneRecent}</p>}
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
        {recent.value.map(({ title, path, atMs }) => (
          <div class="job" key={path}>
            <div>
              <b>{title}</b>{' '}
              <span class="quiet">
                {t.began(`${date(new Date(atMs), zone, 'short')}, ${clock(new Date(atMs), zone)}`)}
              </span>
            </div>
            <div class="btns">
              <a
                class="btn ghost"
                href={path}
                download
                aria-label={`${t.again}: ${title}`}
                onClick={() => remember({ title, path, atMs: Date.now() })}
              >
                {t.again}
              </a>
              <button
                class="btn ghost square"
                type="button"
                aria-label={`${t.forget}: ${title}`}
                onClick={() => forget(path)}
              >
                <Icon name="close" small />
              </button>
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

/** The filter in a few words, to tell downloads apart. */
function filterText(query: GalleryQuery, traps: Traps): string {
  const { from, to, trap, label, taxon } = query;
  void language.value;
  const parts = [
    from && to ? daysText(from, to) : (from ?? to),
    trap && traps.nameOf(trap),
    (label || taxon) && nameOf({ label, taxon }).name,
  ];
  return parts.filter(Boolean).join(', ') || shell.allTraps;
}
