import { useState } from 'preact/hooks';
import { session } from '../api/session.js';
import { shell } from '../texts/shell.js';

interface Props {
  /** Link to a thumbnail, without its size; null where there is none */
  readonly thumbnail: string | null;
  readonly size?: 64 | 128 | 256;
  readonly class?: string;
  readonly isEager?: boolean;
}

/** Wider or taller than this, a picture is shown whole on a mat. */
const MOST_CUT = 4 / 3;

/** Its address holds the version of the station: copies are kept for ever. */
export const sized = (thumbnail: string, size: number): string =>
  `${thumbnail}${thumbnail.includes('?') ? '&' : '?'}size=${size}&v=${session.value?.station.version ?? ''}`;

/** A picture of an insect beside its name: so it needs no text of its own. */
export function Picture({ thumbnail, size = 256, class: more = '', isEager = false }: Props) {
  const [isWhole, setWhole] = useState(false);
  const [isMissing, setMissing] = useState(thumbnail === null);
  return (
    <span class={`pic ${more}${isWhole ? ' whole' : ''}`}>
      {isMissing || thumbnail === null ? (
        <span class="none">{shell.noPicture}</span>
      ) : (
        <img
          src={sized(thumbnail, size)}
          alt=""
          width={size}
          height={size}
          loading={isEager ? 'eager' : 'lazy'}
          decoding="async"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            const ratio = naturalWidth / naturalHeight;
            setWhole(Math.max(ratio, 1 / ratio) > MOST_CUT);
          }}
          onError={() => setMissing(true)}
        />
      )}
    </span>
  );
}
