import './shared.css';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { SharedRun as Shared } from '../../../../libs/api-types/index.js';
import { useAnswer } from '../../api/query.js';
import { creditOf } from '../../components/credit.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { Latin, Name, nameOf } from '../../components/names.js';
import { date, day } from '../../texts/format.js';
import { runWords as t } from '../../texts/run.js';
import { shell } from '../../texts/shell.js';
import { otherLanguage } from '../../texts/words.js';

const MOST_ENLARGED = 3;

/** One visit for somebody without an account, by a link that expires: its picture, name, time and credit; no place. */
export function SharedRun() {
  const { params } = useRoute();
  const { data, error, reload } = useAnswer<Shared>(`/shared/${params['token']}`);
  const shown = data && nameOf(data);
  useEffect(() => {
    document.title = `${shown?.name ?? ''} · Trapline`;
  }, [shown?.name]);
  if (error)
    return (
      <main class="shared" id="main">
        {error.status === 404 ? <p role="alert">{t.linkEnded}</p> : <Failed error={error} onRetry={reload} />}
      </main>
    );
  if (!data || !shown) return <main class="shared" id="main" aria-busy="true" />;
  const credit = creditOf(data.trap ?? undefined, { holder: data.credit, licence: data.licence });
  return (
    <main class="shared" id="main">
      <p class="brand">
        <Icon name="brand" />
        Trapline
      </p>
      <img
        src={data.image}
        alt={shown.name}
        width={data.width * MOST_ENLARGED}
        height={data.height * MOST_ENLARGED}
      />
      <div class="title">
        <h1>
          <Name shown={shown} />
        </h1>
        <p class="also">
          {shown.latin && <Latin>{shown.latin}</Latin>}
          {shown.latin && shown.other && ' · '}
          {shown.other && <span lang={otherLanguage()}>{shown.other}</span>}
        </p>
        <p class="marks">
          {data.reviewed ? (
            <span class="mark seen">
              <Icon name="check" />
              {shell.reviewed}
            </span>
          ) : (
            data.uncertain && <span class="mark uncertain">{shell.uncertain}</span>
          )}
        </p>
        <p>
          {[data.seenOn ? `${day(data.seenOn, 'full')}, ${data.seenAt}` : shell.timeUnknown, data.trap]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <p class="credit">{t.credit(credit)}</p>
      <p class="credit">{t.validUntil(date(data.expiresAt, data.timeZone, 'full'))}</p>
    </main>
  );
}
