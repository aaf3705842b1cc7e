import { useState } from 'preact/hooks';
import type { RetentionPlan } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { useAnswer } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { useTraps } from '../../api/traps.js';
import { Code } from '../../components/code.js';
import { Failed } from '../../components/failed.js';
import { Field, textOf } from '../../components/form.js';
import { Rich } from '../../components/rich.js';
import { right, Table } from '../../components/table.js';
import { bytes, date, number } from '../../texts/format.js';
import { settingsWords as t } from '../../texts/settings.js';
import { shell } from '../../texts/shell.js';

const SET = `TRAPLINE_RETENTION_DAYS=365
TRAPLINE_RETENTION_FREE_MB=20000
TRAPLINE_RETENTION_KEEP_BEST=20`;

/** Which pictures are removed by rule, and what would go: looking removes nothing. */
export function Retention() {
  const [tried, setTried] = useState<Readonly<Record<string, string | undefined>>>({});
  const { data, error, isLoading, reload } = useAnswer<RetentionPlan>(withQuery('/retention/plan', tried));
  const { data: set } = useAnswer<RetentionPlan>('/retention/plan');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => textOf(values, name) || undefined;
    const gigabytes = text('free');
    setTried({
      olderThanDays: text('days'),
      freeMb: gigabytes && String(Math.round(Number(gigabytes) * 1000)),
      keepBest: text('best'),
    });
  };
  const rule = set?.rule;
  return (
    <>
      <section class="card roomy stack">
        <h2>{t.retention}</h2>
        <p class="hint">{t.retentionHow}</p>
        {rule && (
          <ul class="stack tight">
            {rule.olderThanDays === null && rule.freeMb === null && <li>{t.noRule}</li>}
            {rule.olderThanDays !== null && (
              <li>
                <Rich text={t.ruleDays(number(rule.olderThanDays))} />
              </li>
            )}
            {rule.freeMb !== null && (
              <li>
                <Rich text={t.ruleFree(bytes(rule.freeMb * 1e6))} />
              </li>
            )}
            <li>
              <Rich text={t.ruleBest(number(rule.keepBest))} />
            </li>
          </ul>
        )}
        <details>
          <summary>{t.setIt}</summary>
          <Code text={SET} />
        </details>
      </section>
      <section class="card roomy stack" aria-labelledby="dry-run">
        <h2 id="dry-run">{t.dryRun}</h2>
        <p class="hint">{t.dryRunHow}</p>
        <form class="form-row" onSubmit={submit}>
          <NumberField id="days" label={t.olderThan} value={rule?.olderThanDays} />
          <NumberField id="free" label={t.untilFree} value={rule?.freeMb ? rule.freeMb / 1000 : null} />
          <NumberField id="best" label={t.keepBest} value={rule?.keepBest} />
          <button class="btn" type="submit">
            {t.look}
          </button>
        </form>
        {error && <Failed error={error} onRetry={reload} />}
        {isLoading && !data && <span class="later" />}
        {data && <Going plan={data} />}
      </section>
    </>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: number | null | undefined;
}

const NumberField = ({ id, label, value }: FieldProps) => (
  <Field
    id={id}
    class="input num"
    label={label}
    type="number"
    min="0"
    step="any"
    defaultValue={value?.toString() ?? ''}
  />
);

function Going({ plan: { going, shortBytes, problem } }: { readonly plan: RetentionPlan }) {
  const traps = useTraps();
  const zone = stationZone.value;
  if (!going.crops) return <p class={problem ? 'error' : undefined}>{problem ?? t.nothingGoes}</p>;
  return (
    <div class="stack" role="status">
      {problem && <p class="error">{problem}</p>}
      <p>
        <Rich text={t.wouldGo(number(going.crops), bytes(going.bytes), number(going.runs))} />{' '}
        {going.oldest &&
          going.newest &&
          t.oldest(date(going.oldest, zone, 'full'), date(going.newest, zone, 'full'))}
      </p>
      {shortBytes > 0 && <p class="error">{t.short(bytes(shortBytes))}</p>}
      <Table columns={[shell.trap, right(t.visits), right(t.pictures), right(t.size)]}>
        {going.traps.map((trap) => (
          <tr key={trap.trapId}>
            <td>{traps.nameOf(trap.trapId)}</td>
            <td class="r">{number(trap.runs)}</td>
            <td class="r">{number(trap.crops)}</td>
            <td class="r">{bytes(trap.bytes)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
