import { useState } from 'preact/hooks';
import type { Connect as Ways } from '../../../../libs/api-types/index.js';
import { trapPath } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { Code } from '../../components/code.js';
import { Failed } from '../../components/failed.js';
import { newTrapWords as t } from '../../texts/traps.js';
import { language } from '../../texts/words.js';

/** The commands that connect a trap, as the station writes them: with its address in them. */
export function Connect({ trapId }: { readonly trapId: string }) {
  const { data, error, reload } = useAnswer<Ways>(`${trapPath(trapId)}/connect`);
  if (error) return <Failed error={error} onRetry={reload} />;
  return data ? <ConnectWays ways={data} /> : <span class="later" />;
}

export function ConnectWays({ ways: { ways } }: { readonly ways: Ways }) {
  const [chosen, choose] = useState(0);
  const way = ways[chosen];
  if (!way) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (chosen + step + ways.length) % ways.length;
    choose(next);
    document.getElementById(`way-${next}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={t.ways} onKeyDown={onKeyDown}>
        {ways.map(({ id, title }, index) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`way-${index}`}
            aria-selected={index === chosen}
            aria-controls="way"
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => choose(index)}
          >
            {title[language.value] ?? title.en}
          </button>
        ))}
      </div>
      <div id="way" role="tabpanel" aria-labelledby={`way-${chosen}`}>
        <Code text={way.code} />
      </div>
    </>
  );
}
