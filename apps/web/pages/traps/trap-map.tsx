import type { Trap } from '../../../../libs/api-types/index.js';
import { type Located, placeMap } from '../../charts/places.js';
import { number } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';

const WIDTH = 300;
const HEIGHT = 250;

/** Where the traps are, to each other: without a background, since that would come from elsewhere. */
export function TrapMap({ traps }: { readonly traps: readonly Trap[] }) {
  const placed = traps.flatMap((trap) =>
    trap.place ? [{ trap, name: trap.name ?? trap.trapId, ...trap.place }] : [],
  );
  const isExact = placed.every(({ exact }) => exact);
  return (
    <section class="card" aria-labelledby="map">
      <div class="section-head">
        <h2 id="map">{t.whereTheyAre}</h2>
        {placed.length > 0 && <span class="hint">{isExact ? t.exact : t.rounded}</span>}
      </div>
      {placed.length ? <Drawing placed={placed} isRounded={!isExact} /> : <p class="quiet">{t.noPlaces}</p>}
    </section>
  );
}

type Placed = Located & { readonly trap: Trap };

interface DrawingProps {
  readonly placed: readonly Placed[];
  readonly isRounded: boolean;
}

function Drawing({ placed, isRounded }: DrawingProps) {
  const { marks, xLines, yLines, scale } = placeMap(placed, WIDTH, HEIGHT - 24, { isRounded });
  const names = placed.map(({ name }) => name).join(', ');
  return (
    <svg class="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t.mapLabel(names)}>
      <path
        class="s-grid"
        d={[...xLines.map((x) => `M${x} 0V${HEIGHT - 28}`), ...yLines.map((y) => `M0 ${y}H${WIDTH}`)].join(
          '',
        )}
      />
      {marks.map(({ place: { trap, name }, x, y, nameY, nameSide }) => (
        <g key={trap.trapId} class={`at ${trap.presence.state}`}>
          {trap.presence.state === 'silent' ? (
            <path d={`M${x - 6} ${y + 5}h12l-6-11z`} />
          ) : (
            <circle cx={x} cy={y} r="4.5" />
          )}
          <text x={nameSide === 'right' ? x + 9 : x - 9} y={nameY + 4} class={nameSide}>
            {name}
          </text>
        </g>
      ))}
      <path class="scale" d={`M4 ${HEIGHT - 12}v8m0-4h${scale.width}m0-4v8`} />
      <text class="unit" x={scale.width + 12} y={HEIGHT - 4}>
        {scale.metres < 1000 ? `${number(scale.metres)}\u00a0m` : `${number(scale.metres / 1000)}\u00a0km`}
      </text>
    </svg>
  );
}
