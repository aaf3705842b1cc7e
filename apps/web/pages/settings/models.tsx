import { useState } from 'preact/hooks';
import type { Agreement, Counts, Model } from '../../../../libs/api-types/index.js';
import { post, remove, withQuery } from '../../api/client.js';
import { type Job, useJobs } from '../../api/jobs.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may, stationZone } from '../../api/session.js';
import { shareInterval } from '../../charts/season-bins.js';
import { Code } from '../../components/code.js';
import { Dialog } from '../../components/dialog.js';
import { Failed } from '../../components/failed.js';
import { Problem, useAttempts } from '../../components/form.js';
import { JobLine, Progress } from '../../components/job-line.js';
import { Rich } from '../../components/rich.js';
import { toast } from '../../shell/toast.js';
import { jobWords } from '../../texts/downloads.js';
import { addDays, bytes, dayOf, number, percent, startOfDay } from '../../texts/format.js';
import { modelWords as t } from '../../texts/settings.js';
import { TryIt } from './try-it.js';

interface Registered {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly licence: string;
  readonly commercial: boolean;
  readonly bytes: number;
  readonly labels: number;
  readonly installed: boolean;
  readonly active: boolean;
}
const AGREEMENT_DAYS = 30;

/** Which model names the insects, which others there are, and what it makes of a picture. */
export function Models() {
  const { data, error, reload } = useAnswer<{ readonly items: readonly Model[] }>('/models');
  const { jobs } = useJobs(['model-install', 'reclassify']);
  const models = data?.items ?? [];
  const active = models.find((model) => model.active);
  return (
    <>
      {error && <Failed error={error} onRetry={reload} />}
      {data && <Active model={active} jobs={jobs.filter(({ kind }) => kind === 'reclassify')} />}
      {data && (
        <More
          installed={models.filter((model) => !model.active)}
          jobs={jobs.filter(({ kind }) => kind === 'model-install')}
        />
      )}
      {active && <TryIt />}
    </>
  );
}

function Active({ model, jobs }: { readonly model: Model | undefined; readonly jobs: readonly Job[] }) {
  const { problem, attempt } = useAttempts();
  if (!model)
    return (
      <section class="card roomy">
        <h2>{t.active}</h2>
        <p class="quiet">{t.none}</p>
      </section>
    );
  const reclassify = () =>
    attempt(async () => {
      await post('/reclassify');
      toast(t.began);
      refresh('/jobs');
    });
  return (
    <section class="card roomy" aria-labelledby="active">
      <div class="section-head">
        <h2 id="active">{t.active}</h2>
      </div>
      <Installed model={model} />
      <Figures model={model} />
      {may('admin') && (
        <div class="section stack">
          <p class="quiet">{t.reclassifyHow}</p>
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
          <Problem text={problem?.message} />
          {!jobs.some(({ state }) => state === 'running') && (
            <div>
              <button class="btn" type="button" onClick={() => void reclassify()}>
                {t.reclassify}
              </button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

function Figures({ model }: { readonly model: Model }) {
  const zone = stationZone.value;
  const from = startOfDay(addDays(dayOf(new Date(), zone), -AGREEMENT_DAYS), zone);
  const { data: agreement } = useAnswer<Agreement>(withQuery('/stats/agreement', { model: model.key }));
  const { data: counts } = useAnswer<Counts>(withQuery('/stats/counts', { by: 'trap', from }));
  const share = agreement?.n ? shareInterval(agreement.agreed, agreement.n) : undefined;
  const visits = counts?.totals.visits ?? 0;
  return (
    <div class="figures-3">
      <div>
        <span class="hint">{t.agree}</span>
        <b>{agreement?.n ? percent(agreement.agreed / agreement.n) : '–'}</b>
        <span class="hint num">
          {agreement && share
            ? t.agreeHint(number(share[0] * 100), percent(share[1]), number(agreement.n))
            : t.noneReviewed}
        </span>
      </div>
      <div>
        <span class="hint">{t.uncertain}</span>
        <b>{visits ? percent((counts?.totals.unsure ?? 0) / visits) : '–'}</b>
        <span class="hint num">{visits ? t.last30 : t.nothing30}</span>
      </div>
      <div>
        <span class="hint">{t.knows}</span>
        <b>{number(model.labels)}</b>
        <span class="hint">{t.kinds}</span>
      </div>
    </div>
  );
}

function Installed({
  model,
  children,
}: {
  readonly model: Model;
  readonly children?: preact.ComponentChildren;
}) {
  const [isShown, show] = useState(false);
  const size = model.bytes === undefined ? '' : ` · ${bytes(model.bytes)}`;
  return (
    <div class="model">
      <div>
        <h3>{model.name}</h3>
        <p class="hint">
          <code>{model.key}</code> · {t.labels(number(model.labels))}
          {size}
        </p>
        {model.description && <p class="quiet">{model.description}</p>}
        <div class="tags">
          <span class={model.active ? 'tag active' : 'tag'}>{model.active ? t.isActive : t.installed}</span>
          {model.demo && <span class="tag">{t.demo}</span>}
          <Licence licence={model.licence} />
        </div>
      </div>
      <div class="btns">
        {children}
        <button class="btn" type="button" aria-label={`${t.card}: ${model.name}`} onClick={() => show(true)}>
          {t.card}
        </button>
      </div>
      {isShown && <Card model={model} onClose={() => show(false)} />}
    </div>
  );
}

const Licence = ({ licence, commercial }: { readonly licence: string; readonly commercial?: boolean }) => (
  <>
    {(commercial === false || /\bNC\b/.test(licence)) && <span class="tag warn">{t.noCommerce}</span>}
    <span class="tag">{licence}</span>
  </>
);

function Card({ model, onClose }: { readonly model: Model; readonly onClose: () => void }) {
  const { input, metrics } = model;
  const facts: readonly (readonly [string, string])[] = [
    [t.version, model.version],
    [t.licence, model.licence],
    [t.citation, model.citation],
    [t.input, `${input.width} × ${input.height} ${input.color}`],
    ...(model.bytes === undefined ? [] : [[t.size, bytes(model.bytes)] as const]),
    ...(metrics
      ? [
          [
            t.metrics,
            Object.entries(metrics)
              .map(([name, value]) => `${name} ${number(value, 3)}`)
              .join(', '),
          ] as const,
        ]
      : []),
  ];
  return (
    <Dialog title={model.name} onClose={onClose}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name={t.source}>
          <a href={model.source} rel="noreferrer">
            {model.source}
          </a>
        </Fact>
      </dl>
    </Dialog>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

interface MoreProps {
  readonly installed: readonly Model[];
  readonly jobs: readonly Job[];
}

function More({ installed, jobs }: MoreProps) {
  const [used, use] = useState<string>();
  const [isFromFile, setFromFile] = useState(false);
  const { data, error, reload } = useAnswer<{ readonly items: readonly Registered[] }>(
    may('admin') ? '/models/registry' : undefined,
  );
  const others = data?.items.filter(
    ({ name, installed: is }) => !is && !installed.some((model) => model.name === name),
  );
  if (!may('admin') && !installed.length) return null;
  return (
    <section class="card roomy" aria-labelledby="more">
      <div class="section-head">
        <h2 id="more">{t.more}</h2>
        {may('admin') && (
          <button class="link end" type="button" onClick={() => setFromFile(true)}>
            {t.fromFile}
          </button>
        )}
      </div>
      {installed.map((model) => (
        <Installed key={model.key} model={model}>
          {may('admin') && (
            <button
              class="btn ghost"
              type="button"
              aria-label={`${t.useIt}: ${model.name}`}
              onClick={() => use(model.name)}
            >
              {t.useIt}
            </button>
          )}
        </Installed>
      ))}
      {error && <Failed error={error} onRetry={reload} />}
      {others?.map((each) => (
        <ToInstall key={each.name} model={each} job={jobs.find(({ title }) => title === each.name)} />
      ))}
      {used && (
        <Dialog title={t.useIt} onClose={() => use(undefined)}>
          <p class="quiet">
            <Rich text={t.useItHow} />
          </p>
          <Code text={`TRAPLINE_MODEL=${used}`} />
        </Dialog>
      )}
      {isFromFile && (
        <Dialog title={t.fromFile} onClose={() => setFromFile(false)}>
          <p class="quiet">{t.fromFileHow}</p>
          <Code text="npm run trapline -- model install /media/usb/model.onnx" />
        </Dialog>
      )}
    </section>
  );
}

function ToInstall({ model, job }: { readonly model: Registered; readonly job: Job | undefined }) {
  const { problem, attempt } = useAttempts();
  const isRunning = job?.state === 'running';
  const install = () =>
    attempt(async () => {
      await post('/models/install', { name: model.name });
      refresh('/jobs');
    });
  const failure = problem?.message ?? (job?.state === 'failed' ? job.message : undefined);
  return (
    <div class="model">
      <div>
        <h3>{model.title}</h3>
        <p class="hint">
          <code>{model.name}</code> · {t.labels(number(model.labels))} · {bytes(model.bytes)}
        </p>
        {model.description && <p class="quiet">{model.description}</p>}
        <div class="tags">
          <Licence licence={model.licence} commercial={model.commercial} />
        </div>
        <Problem text={failure ? jobWords.failed(failure) : undefined} />
      </div>
      <div class="btns">
        {isRunning ? (
          <>
            {job.done !== null && job.total !== null && (
              <span class="hint num">
                {jobWords.of(amount(job.done, job.unit), amount(job.total, job.unit))}
              </span>
            )}
            {job.canCancel && (
              <button
                class="btn"
                type="button"
                onClick={() =>
                  void remove(`/jobs/${encodeURIComponent(job.id)}`).then(() => refresh('/jobs'))
                }
              >
                {jobWords.cancel}
              </button>
            )}
          </>
        ) : (
          <button
            class="btn"
            type="button"
            aria-label={`${t.install}: ${model.title}`}
            onClick={() => void install()}
          >
            {t.install}
          </button>
        )}
      </div>
      {isRunning && job.done !== null && job.total ? (
        <Progress share={job.done / job.total} label={t.installing(model.title)} />
      ) : null}
    </div>
  );
}

const amount = (value: number, unit: string | null): string =>
  unit === 'MB' ? bytes(value * 1e6) : unit === 'bytes' ? bytes(value) : number(value);
