import { useEffect, useState } from 'preact/hooks';
import type { DeadLetter, DeadLetterInFull } from '../../../../libs/api-types/index.js';
import { API, post, remove } from '../../api/client.js';
import { usePages } from '../../api/pages.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Confirm } from '../../components/confirm.js';
import { Dialog } from '../../components/dialog.js';
import { Failed } from '../../components/failed.js';
import { Problem, useAttempts } from '../../components/form.js';
import { Table } from '../../components/table.js';
import { toast } from '../../shell/toast.js';
import { bytes, number } from '../../texts/format.js';
import { settingsWords as t } from '../../texts/settings.js';
import { whenOr } from './people.js';

const PATH = '/dead-letters?limit=50';
/** No more of a message is shown as text. */
const SHOWN_BYTES = 20_000;

/** Messages that were refused for good: to look at, take again, or delete. */
export function DeadLetters() {
  const { items, isComplete, isLoading, error, more, again } = usePages<DeadLetter>(PATH);
  const [opened, open] = useState<DeadLetter>();
  // The list is kept from page to page, and much may have come since.
  useEffect(again, []);
  const onChanged = () => {
    open(undefined);
    again();
    refresh('/dead-letters');
  };
  return (
    <section class="card roomy stack" aria-labelledby="letters">
      <h2 id="letters">{t.deadLetters}</h2>
      <p class="hint">{t.lettersHow}</p>
      {error && <Failed error={error} onRetry={again} />}
      {isComplete && items.length === 0 && <p>{t.noLetters}</p>}
      {items.length > 0 && (
        <Table columns={[t.reason, t.from, t.last, { text: t.lookAt, isHidden: true }]}>
          {items.map((letter) => (
            <tr key={letter.id}>
              <td>
                <code>{letter.code}</code>
                <span class="hint block">{letter.message}</span>
              </td>
              <td>
                {letter.trapId ?? letter.client ?? '–'}
                <span class="hint block">
                  {bytes(letter.bytes)}
                  {letter.times > 1 && `, ${t.times(number(letter.times))}`}
                </span>
              </td>
              <td class="quiet nowrap">{whenOr(letter.lastAt, '')}</td>
              <td class="actions">
                <button
                  class="btn"
                  type="button"
                  aria-label={`${t.lookAt}: ${letter.code}, ${letter.topic}`}
                  onClick={() => open(letter)}
                >
                  {t.lookAt}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {!isComplete && items.length > 0 && (
        <button class="btn" type="button" disabled={isLoading} onClick={more}>
          {t.more}
        </button>
      )}
      {opened && <Letter letter={opened} onClose={() => open(undefined)} onChanged={onChanged} />}
    </section>
  );
}

interface LetterProps {
  readonly letter: DeadLetter;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

function Letter({ letter, onClose, onChanged }: LetterProps) {
  const path = `/dead-letters/${encodeURIComponent(letter.id)}`;
  const { data } = useAnswer<DeadLetterInFull>(path);
  const { problem, attempt } = useAttempts();
  const [isDeleting, setDeleting] = useState(false);
  const retry = () =>
    attempt(async () => {
      await post(`${path}/retry`);
      toast(t.retried);
      onChanged();
    });
  if (isDeleting)
    return (
      <Confirm
        title={t.deleteLetter}
        text={t.deleteLetterHow}
        onConfirm={async () => {
          await remove(path);
          toast(t.deleted);
          onChanged();
        }}
        onClose={() => setDeleting(false)}
      />
    );
  return (
    <Dialog title={letter.code} onClose={onClose}>
      <div class="stack">
        <p>{letter.message}</p>
        <dl class="facts">
          <dt>{t.topic}</dt>
          <dd>
            <code>{letter.topic}</code>
          </dd>
          {letter.field && (
            <>
              <dt>{t.field}</dt>
              <dd>
                <code>{letter.field}</code>
              </dd>
            </>
          )}
          <dt>{t.size}</dt>
          <dd>{data ? t.bytesKept(bytes(data.keptBytes), bytes(letter.bytes)) : bytes(letter.bytes)}</dd>
          <dt>{t.content}</dt>
          <dd>{data && <Content letter={data} path={path} />}</dd>
        </dl>
        <Problem text={problem?.message} />
        <div class="btns">
          {may('admin') && (
            <>
              <button class="btn main" type="button" onClick={() => void retry()}>
                {t.retry}
              </button>
              <button class="btn danger" type="button" onClick={() => setDeleting(true)}>
                {t.deleteLetter}
              </button>
            </>
          )}
          {data && data.keptBytes > 0 && (
            <a class="btn" href={`${API}${path}/bytes`} download={`${letter.id}.bin`}>
              {t.downloadBytes}
            </a>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** The message itself: as text, where it is one. */
function Content({ letter, path }: { readonly letter: DeadLetterInFull; readonly path: string }) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (letter.keptBytes === 0) return;
    fetch(`${API}${path}/bytes`, { headers: { Range: `bytes=0-${SHOWN_BYTES - 1}` } })
      .then((response) => response.arrayBuffer())
      .then((buffer) => setText(textOf(new Uint8Array(buffer.slice(0, SHOWN_BYTES)))))
      .catch(() => {});
  }, [path]);
  if (letter.keptBytes === 0) return <span class="quiet">{t.noContent}</span>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
    <pre class="bytes" tabIndex={0}>
      {text}
    </pre>
  );
}

const HEX_BYTES = 256;

/** Text as it is; other bytes in hexadecimal. */
export function textOf(content: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell a picture from a text
    if (!/[\u0000-\u0008\u000e-\u001f]/.test(text)) return text;
  } catch {
    // No text.
  }
  const shown = [...content.slice(0, HEX_BYTES)].map((byte) => byte.toString(16).padStart(2, '0'));
  return shown.join(' ') + (content.length > HEX_BYTES ? ' …' : '');
}
