import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import { Hatch } from './hatch.js';

/** What a saved chart says beside the drawing. */
export interface Sheet {
  readonly title: string;
  /** Units, traps, period: what one needs to know to read it */
  readonly note: string;
  readonly legend: readonly { readonly look: string; readonly text: string }[];
  /** Drawn at this width */
  readonly draw: (width: number) => { readonly height: number; readonly drawing: ComponentChildren };
}

const WIDTH = 1200;
const MARGIN = 24;
const HEAD = 64;
const FOOT = 40;
/** Sharp on paper */
const PIXELS = 2;
/** Everything that style sheets say of a drawing, and that has to stand in the file itself. */
const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
];

export function saveSvg(name: string, sheet: Sheet): void {
  download(`${name}.svg`, new Blob([svgOf(sheet).text], { type: 'image/svg+xml' }));
}

export async function savePng(name: string, sheet: Sheet): Promise<void> {
  const { text, height } = svgOf(sheet);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = WIDTH * PIXELS;
    canvas.height = height * PIXELS;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (png) download(`${name}.png`, png);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The chart as a separate file: redrawn for print in the light colours, with its title and legend. */
function svgOf({ title, note, legend, draw }: Sheet): { readonly text: string; readonly height: number } {
  const { height: inner, drawing } = draw(WIDTH - 2 * MARGIN);
  const height = inner + HEAD + FOOT + 2 * MARGIN;
  const host = document.createElement('div');
  host.className = 'save-host';
  document.body.append(host);
  const root = document.documentElement;
  const theme = root.dataset['theme'];
  root.dataset['theme'] = 'light';
  try {
    render(
      <svg
        xmlns="http://www.w3.org/2000/svg"
        viewBox={`0 0 ${WIDTH} ${height}`}
        width={WIDTH}
        height={height}
      >
        <title>{title}</title>
        <Hatch id="missing-legend" />
        <rect class="c-paper" width={WIDTH} height={height} />
        <text class="c-title" x={MARGIN} y={MARGIN + 18}>
          {title}
        </text>
        <text class="c-note" x={MARGIN} y={MARGIN + 40}>
          {note}
        </text>
        <g transform={`translate(${MARGIN} ${MARGIN + HEAD})`}>{drawing}</g>
        <g transform={`translate(${MARGIN} ${height - MARGIN})`}>
          {places(legend.map(({ text }) => text)).map((x, index) => (
            <g key={x} transform={`translate(${x} 0)`}>
              <rect
                class={legend[index]?.look}
                fill={legend[index]?.look === 'k-miss' ? 'url(#missing-legend)' : undefined}
                width="14"
                height="12"
                y="-11"
              />
              <text class="c-note" x="20">
                {legend[index]?.text}
              </text>
            </g>
          ))}
        </g>
        <text class="c-note c-end" x={WIDTH - MARGIN} y={height - MARGIN}>
          Trapline
        </text>
      </svg>,
      host,
    );
    const svg = host.firstElementChild as SVGElement;
    for (const element of svg.querySelectorAll<SVGElement>('*')) keepStyle(element);
    return { text: new XMLSerializer().serializeToString(svg), height };
  } finally {
    if (theme === undefined) delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    render(null, host);
    host.remove();
  }
}

function keepStyle(element: SVGElement): void {
  const style = getComputedStyle(element);
  for (const property of KEPT) element.setAttribute(property, style.getPropertyValue(property));
  element.removeAttribute('class');
}

/** Where each entry of a legend begins, by a guess of how long its text is. */
function places(texts: readonly string[]): number[] {
  let x = 0;
  return texts.map((text) => {
    const at = x;
    x += 44 + text.length * 7;
    return at;
  });
}
