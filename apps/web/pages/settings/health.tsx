import { useAnswer } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { Failed } from '../../components/failed.js';
import { Rich } from '../../components/rich.js';
import { clock } from '../../texts/format.js';
import { settingsWords as t } from '../../texts/settings.js';

export interface Findings {
  readonly checkedAt: string;
  readonly items: readonly Finding[];
}
interface Finding {
  readonly id: string;
  readonly level: 'ok' | 'warning' | 'trouble';
  readonly title: string;
  readonly detail: string;
  readonly advice?: string | null;
}

const TAGS = { ok: 'tag', warning: 'tag warn', trouble: 'tag bad' };

/** What the station finds in itself, worst first. */
export function Health() {
  const { data, error, reload } = useAnswer<Findings>('/health/findings');
  return (
    <section class="card roomy" aria-labelledby="health">
      <div class="section-head">
        <h2 id="health">{t.health}</h2>
        {data && <span class="hint">{t.checked(clock(data.checkedAt, stationZone.value, true))}</span>}
        <div class="end">
          <button class="btn" type="button" onClick={reload}>
            {t.checkAgain}
          </button>
        </div>
      </div>
      <p class="hint">
        <Rich text={t.healthHow} />
      </p>
      {error && <Failed error={error} onRetry={reload} />}
      {data?.items.every(({ level }) => level === 'ok') && <p>{t.allWell}</p>}
      <ul>
        {data?.items.map((finding) => (
          <li class="finding" key={finding.id}>
            <span class="marks">
              <span class={TAGS[finding.level]}>{t[finding.level]}</span>
              <b>{finding.title}</b>
            </span>
            <span class="quiet">{finding.detail}</span>
            {finding.advice && <span>{finding.advice}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
