import './job-line.css';
import { remove } from '../api/client.js';
import { type Job, timeLeftMs } from '../api/jobs.js';
import { refresh } from '../api/query.js';
import { stationZone } from '../api/session.js';
import { jobWords as t } from '../texts/downloads.js';
import { bytes, clock, date, duration, number } from '../texts/format.js';

/** Long work: what it is, how far it is, and one button. */
export function JobLine({ job }: { readonly job: Job }) {
  const { id, kind, title, state, done, total, canCancel } = job;
  const end = () => void remove(`/jobs/${encodeURIComponent(id)}`).finally(() => refresh('/jobs'));
  const isRunning = state === 'running';
  const share = isRunning && done !== null && total ? Math.min(done / total, 1) : undefined;
  const name = `${t[kind]}: ${title}`;
  return (
    <div class="job">
      <div>
        <b>{t[kind]}</b> {title} <span class="quiet">{textOf(job)}</span>
      </div>
      <div class="btns">
        {isRunning && canCancel && (
          <button class="btn" type="button" aria-label={`${t.cancel}: ${name}`} onClick={end}>
            {t.cancel}
          </button>
        )}
        {!isRunning && (
          <button class="btn ghost" type="button" aria-label={`${t.forget}: ${name}`} onClick={end}>
            {t.forget}
          </button>
        )}
      </div>
      {share !== undefined && <Progress share={share} label={name} />}
    </div>
  );
}

export const Progress = ({ share, label }: { readonly share: number; readonly label: string }) => (
  <span
    class="progress"
    role="progressbar"
    aria-valuenow={Math.round(share * 100)}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-label={label}
  >
    <span style={{ width: `${share * 100}%` }} />
  </span>
);

function textOf(job: Job): string {
  const { state, endedAt, changedAt, message, done, total } = job;
  const zone = stationZone.value;
  const at = endedAt ?? changedAt;
  if (state === 'done') return t.finished(`${date(at, zone, 'short')}, ${clock(at, zone)}`);
  if (state === 'failed') return t.failed(message ?? '');
  if (state === 'canceled') return t.canceled;
  if (done === null) return message ?? '';
  const amount = (value: number) => amountOf(value, job.unit);
  const left = timeLeftMs(job, Date.now());
  const far = total ? t.of(amount(done), amount(total)) : amount(done);
  return left === undefined ? far : `${far}, ${t.left(duration(left))}`;
}

function amountOf(value: number, unit: string | null): string {
  if (unit === 'bytes' || unit === 'B') return bytes(value);
  if (unit === 'MB') return bytes(value * 1e6);
  return unit ? `${number(value)}\u00a0${unit}` : number(value);
}
