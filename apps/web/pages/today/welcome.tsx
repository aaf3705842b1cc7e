import type { Connect, Today } from '../../../../libs/api-types/index.js';
import { useAnswer } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Code } from '../../components/code.js';
import { Icon } from '../../components/icon.js';
import { ModelNotice } from '../../components/model-notice.js';
import { Rich } from '../../components/rich.js';
import { Page } from '../../shell/page.js';
import { shell } from '../../texts/shell.js';
import { welcomeWords as t } from '../../texts/welcome.js';

/** The account that the first start makes. */
const FIRST_TRAP = 'trap-1';

/** Until something has arrived: how to connect a trap. It listens, and becomes Today by itself. */
export function Welcome({ today }: { readonly today: Today }) {
  const { data: connect } = useAnswer<Connect>(may('editor') ? `/traps/${FIRST_TRAP}/connect` : undefined);
  const command = connect?.ways.find(({ id }) => id === 'mosquitto_pub')?.code;
  return (
    <Page title={shell.today}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      <ModelNotice {...today} />
      <div class="columns">
        <ol class="steps">
          <li class="step now">
            <div>
              <h2>{t.addTrap}</h2>
              <p class="quiet">{t.addTrapHow}</p>
              {may('admin') ? (
                <div class="btns">
                  <a class="btn main big" href="/add-trap">
                    <Icon name="plus" />
                    {t.addTrap}
                  </a>
                </div>
              ) : (
                <p class="hint">{t.onlyAdminAdds}</p>
              )}
              <p class="hint">{t.inTerminal}</p>
              <Code text="npm run trapline -- trap add meadow-south" />
            </div>
          </li>
          <li class="step">
            <div>
              <h2>{t.send}</h2>
              {command && (
                <>
                  <p class="quiet">{t.sendHow}</p>
                  <Code text={command} />
                </>
              )}
              <p class="waiting" role="status">
                {connect ? t.listening(connect.broker.port) : t.waiting}
              </p>
            </div>
          </li>
          <li class="step or">
            <div>
              <h2>{t.around}</h2>
              <p class="quiet">{t.aroundHow}</p>
              <Code text="npm run demo" />
            </div>
          </li>
        </ol>
        <aside class="card">
          <h2>{t.seeHere}</h2>
          <ul class="stack tight">
            {[t.see1, t.see2, t.see3].map((text) => (
              <li key={text} class="quiet">
                <Rich text={text} />
              </li>
            ))}
          </ul>
        </aside>
      </div>
    </Page>
  );
}
