import { useEffect, useState } from 'preact/hooks';
import { request } from '../../api/client.js';
import type { ApiProblem } from '../../api/problem.js';
import type { Named } from '../../components/names.js';
import { RankedLabel } from '../../components/ranked-label.js';
import { modelWords as t } from '../../texts/settings.js';

interface Prediction {
  readonly ranked: readonly (Named & { readonly label: string; readonly probability: number })[];
}

const TOP = 3;

/** What the active model says of a picture that somebody has at hand; nothing is stored. */
export function TryIt() {
  const [picture, setPicture] = useState<string>();
  const [said, setSaid] = useState<Prediction>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isOver, setOver] = useState(false);
  useEffect(() => () => void (picture && URL.revokeObjectURL(picture)), [picture]);
  const look = async (file: File | null | undefined) => {
    if (!file) return;
    setPicture(URL.createObjectURL(file));
    setSaid(undefined);
    setProblem(undefined);
    try {
      setSaid(await request<Prediction>('POST', `/predict?top=${TOP}`, file));
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  return (
    <section class="card roomy" aria-labelledby="try">
      <h2 id="try">{t.tryIt}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the file field inside does the same */}
      <div
        class={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void look(event.dataTransfer?.files[0]);
        }}
      >
        <span class="pic whole">
          {picture && <img src={picture} alt={t.yourPicture} width="120" height="120" />}
        </span>
        <div class="stack tight" role="status">
          {said?.ranked.map((each, index) => (
            <RankedLabel key={each.label} ranked={each} rank={index + 1} />
          ))}
          {problem && <p class="error">{problem.message}</p>}
          <p class="hint">
            {t.tryHow}{' '}
            <label class="file">
              {t.choose}
              <input
                class="vh"
                type="file"
                accept="image/jpeg,image/png,image/webp"
                onChange={(event) => void look(event.currentTarget.files?.[0])}
              />
            </label>
            . {t.nothingStored}
          </p>
        </div>
      </div>
    </section>
  );
}
