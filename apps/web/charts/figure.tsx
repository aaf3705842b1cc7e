import './chart.css';
import './plot.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { chartWords as t } from '../texts/charts.js';
import { download, type Sheet, savePng, saveSvg } from './save.js';

interface Props extends Sheet {
  /** Of the files that are saved, without an ending */
  readonly name: string;
  /** What the chart shows, in one sentence, for screen readers */
  readonly label: string;
  /** The figures behind the chart */
  readonly csv: () => string;
  /** Beside the ways to save it */
  readonly links?: ComponentChildren;
  /** Above and below the drawing */
  readonly children?: ComponentChildren;
  readonly overlay?: (width: number) => ComponentChildren;
}

/** A chart on its card: title, what it shows, how to save it, the drawing, and its legend. */
export function Figure(props: Props) {
  const { title, note, legend, draw, name, label, csv, links, children, overlay } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const id = useId();
  const { height, drawing } = draw(width || 600);
  return (
    <section class="card roomy" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        <span class="hint">{note}</span>
        <div class="end exports">
          <button class="link" type="button" onClick={() => void savePng(name, props)}>
            PNG<span class="vh"> {title}</span>
          </button>
          <button class="link" type="button" onClick={() => saveSvg(name, props)}>
            SVG<span class="vh"> {title}</span>
          </button>
          <button
            class="link"
            type="button"
            // With a mark, or Excel takes UTF-8 for something else.
            onClick={() => download(`${name}.csv`, new Blob(['\uFEFF', csv()], { type: 'text/csv' }))}
          >
            CSV<span class="vh"> {title}</span>
          </button>
          {links}
        </div>
      </div>
      <div class="chart" ref={box} style={{ height: `${height}px` }}>
        {width > 0 && (
          <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
            {drawing}
          </svg>
        )}
        {width > 0 && overlay?.(width)}
      </div>
      <ul class="legend" aria-label={t.legend}>
        {legend.map(({ look, text }) => (
          <li key={text}>
            {look === 'k-miss' ? (
              <span class="hatched" />
            ) : (
              <svg viewBox="0 0 14 12" aria-hidden="true">
                <rect class={look} width="14" height="12" />
              </svg>
            )}
            {text}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

/** The width that a box has on the page, in pixels; 0 before it is known. */
function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return width;
}
