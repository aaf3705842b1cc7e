import { useEffect, useRef, useState } from 'preact/hooks';
import type { Crop, RunInFull } from '../../../../libs/api-types/index.js';
import { Icon } from '../../components/icon.js';
import { Picture } from '../../components/picture.js';
import { useKeys } from '../../shell/keys.js';
import { clock, number, seconds } from '../../texts/format.js';
import { runWords as t } from '../../texts/run.js';

interface Props {
  readonly run: RunInFull;
  readonly name: string;
  readonly zone: string;
  /** The picture with which the page opens */
  readonly best: number;
  readonly index: number;
  readonly onIndex: (index: number) => void;
}

/** CSS pixels of the frame on wide windows, and how far a picture may be enlarged in it. */
const FRAME_PX = 416;
const MOST_ENLARGED = 3;
const FRAME_MS = 250;

/** One picture large, and all of them as a strip that can be played. */
export function Pictures({ run: { crops, start }, name, zone, best, index, onIndex }: Props) {
  const [isPlaying, play] = useState(false);
  const [shownPx, setShownPx] = useState(0);
  const strip = useRef<HTMLOListElement>(null);
  const crop = crops[index];
  const go = (to: number) => {
    play(false);
    onIndex(Math.min(Math.max(to, 0), crops.length - 1));
  };
  const toggle = () => {
    const isLast = index === crops.length - 1;
    // Who wants no motion goes on by hand.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return go(isLast ? 0 : index + 1);
    if (!isPlaying && isLast) onIndex(0);
    play(!isPlaying);
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => (index < crops.length - 1 ? onIndex(index + 1) : play(false)), FRAME_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, index]);
  useEffect(() => {
    const list = strip.current;
    const item = list?.children[index] as HTMLElement | undefined;
    // Only the strip moves, never the page.
    if (list && item)
      list.scrollLeft = item.offsetLeft - list.offsetLeft - (list.clientWidth - item.clientWidth) / 2;
  }, [index]);
  useKeys([
    { key: ' ', does: t.play, act: toggle },
    { key: 'ArrowRight', does: t.nextPicture, act: () => go(index + 1) },
    { key: 'ArrowLeft', does: t.previousPicture, act: () => go(index - 1) },
    { key: 'f', does: t.best, act: () => go(best) },
  ]);
  if (!crop) return <div class="stage">{t.noPictures}</div>;
  return (
    <>
      <figure class="stage">
        <Large crop={crop} alt={t.pictureOf(name, index + 1, crops.length)} onWidth={setShownPx} />
        <figcaption class="corner">
          <span>{t.nOf(index + 1, crops.length)}</span>
          {crop.detection?.at && <span>{clock(crop.detection.at, zone, true)}</span>}
          <span>
            {t.pixels(crop.width, crop.height)}
            <span class="wide-only">{enlargement(shownPx / crop.width)}</span>
          </span>
        </figcaption>
      </figure>
      {crops.length > 1 && (
        <div class="film">
          <button class="btn square" type="button" aria-label={isPlaying ? t.pause : t.play} onClick={toggle}>
            <Icon name={isPlaying ? 'pause' : 'play'} />
          </button>
          <ol ref={strip}>
            {crops.map((each, at) => (
              <li key={each.cropId}>
                <button
                  type="button"
                  aria-label={[t.picture(at + 1, crops.length), sinceStart(each, start)]
                    .filter(Boolean)
                    .join(', ')}
                  aria-current={at === index ? 'true' : undefined}
                  onClick={() => go(at)}
                >
                  <Picture thumbnail={each.removed ? null : each.links.thumbnail} size={64} />
                  <span class="t">{sinceStart(each, start)}</span>
                </button>
              </li>
            ))}
          </ol>
          {index !== best && (
            <button class="btn ghost wide-only" type="button" onClick={() => go(best)}>
              <Icon name="star" small />
              {t.best}
            </button>
          )}
        </div>
      )}
    </>
  );
}

interface LargeProps {
  readonly crop: Crop;
  readonly alt: string;
  /** Learns how many CSS pixels wide the picture is shown, whenever that changes. */
  readonly onWidth: (px: number) => void;
}

function Large({ crop, alt, onWidth }: LargeProps) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(([entry]) => onWidth(entry?.contentRect.width ?? 0));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [crop.removed]);
  const { width, height, links, removed } = crop;
  const scale = scaleOf(crop);
  if (removed) return <p class="quiet">{t.pictureGone}</p>;
  return (
    <div
      class="frame"
      ref={frame}
      style={{ '--w': `${width * scale}px`, '--ratio': `${width / Math.max(height, 1)}` }}
    >
      <img src={links.image} alt={alt} width={width} height={height} />
    </div>
  );
}

const scaleOf = ({ width, height }: Crop) => Math.min(MOST_ENLARGED, FRAME_PX / Math.max(width, height, 1));

const enlargement = (scale: number): string => (scale > 1.05 ? t.enlarged(number(scale, 1)) : '');

function sinceStart({ detection }: Crop, start: string | null): string {
  if (!detection?.at || !start) return '';
  return seconds(Math.max(Date.parse(detection.at) - Date.parse(start), 0) / 1000);
}
