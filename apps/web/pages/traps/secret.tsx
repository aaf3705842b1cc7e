import { useState } from 'preact/hooks';
import { encode } from 'uqr';
import type { Connect } from '../../../../libs/api-types/index.js';
import { copy } from '../../components/copy.js';
import { shell } from '../../texts/shell.js';
import { newTrapWords as t } from '../../texts/traps.js';

export interface MadeAccount {
  readonly trapId: string;
  readonly user: string;
  readonly password: string;
  readonly connect: Connect;
}

/** What a trap logs in with: shown once, to copy or to scan. */
export function Secret({ account, onDone }: { readonly account: MadeAccount; readonly onDone: () => void }) {
  const { user, password, connect } = account;
  return (
    <div class="secret">
      <div class="stack">
        <p>
          <b>{t.once}</b> <span class="quiet">{t.onceHow}</span>
        </p>
        <dl class="facts">
          <dt>{t.address}</dt>
          <dd>
            <code>
              {connect.broker.host}:{connect.broker.port}
            </code>
          </dd>
          <dt>{t.user}</dt>
          <dd>
            <code>{user}</code>
          </dd>
          <dt>{t.password}</dt>
          <dd>
            <code>{password}</code>
          </dd>
        </dl>
        <div class="btns">
          <button class="btn main" type="button" onClick={() => void copy(password)}>
            {t.copyPassword}
          </button>
          <button class="btn" type="button" onClick={onDone}>
            {shell.haveIt}
          </button>
        </div>
      </div>
      <div class="qr">
        <QrCode text={connect.qr} />
      </div>
    </div>
  );
}

function QrCode({ text }: { readonly text: string }) {
  const [{ data, size }] = useState(() => encode(text, { border: 2 }));
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t.qrLabel} shape-rendering="crispEdges">
      <path d={path.join('')} fill="#000" />
    </svg>
  );
}
