import sharp from 'sharp';
import { Random } from '../random.js';
import { background } from './background.js';
import { cameraOf, expose } from './camera.js';
import { drawnKind } from './drawn-kinds.js';
import { element, ellipse, group } from './shapes.js';

/** One picture of one insect; the same names give the same bytes. */
interface Drawing {
  readonly kind: string;
  /** Which insect: its colours and the place where it sits stay the same through a run. */
  readonly individual: string;
  /** Which picture of it. */
  readonly pose: string;
}

const SIDE_MIN = 100;
const SIDE_MAX = 400;
const JPEG = { quality: 95, chromaSubsampling: '4:2:0' } as const;

/** A JPEG of 100 to 400 pixels a side, as a trap's camera would cut it out. */
export async function draw(drawing: Drawing): Promise<Buffer> {
  const pose = new Random('pose', drawing.kind, drawing.individual, drawing.pose);
  const { svg, width, height } = sceneOf(drawing, pose);
  const camera = cameraOf(pose, Math.max(width, height));
  const canvas = sharp(Buffer.from(svg)).removeAlpha();
  if (camera.blurPx >= 0.3) canvas.blur(camera.blurPx);
  const pixels = await canvas.raw().toBuffer();
  expose(pixels, camera, pose.whole(0, 65_535));
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg(JPEG)
    .toBuffer();
}

function sceneOf({ kind, individual }: Drawing, pose: Random) {
  const look = new Random('look', kind, individual);
  // Most insects are small, and a few come close.
  const side = SIDE_MIN + (SIDE_MAX - SIDE_MIN) * look.next() ** 2.5;
  const clamp = (px: number) => Math.round(Math.min(SIDE_MAX, Math.max(SIDE_MIN, px)));
  const width = clamp(side * pose.between(0.85, 1.15));
  const height = clamp(side * pose.between(0.85, 1.15));
  const { shape, size } = drawnKind(kind);
  const place = new Random('place', individual);
  // It walks about: what is around it comes from a few spots of the same place.
  const spot = new Random('spot', individual, pose.whole(0, 2));
  const scenery = background(place, spot, width, height);
  const insect = shape ? placed(shape(look, pose), size, look, pose, width, height) : '';
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height }, scenery + insect);
  return { svg, width, height };
}

/** Turned, scaled into the picture, a little off its middle, and with a shadow under it. */
function placed(
  inside: string,
  size: number,
  look: Random,
  pose: Random,
  width: number,
  height: number,
): string {
  const scale = (
    (Math.min(width, height) / 125) *
    size *
    look.between(0.8, 1) *
    pose.between(0.9, 1.05)
  ).toFixed(3);
  const x = (width * pose.between(0.42, 0.58)).toFixed(1);
  const y = (height * pose.between(0.42, 0.58)).toFixed(1);
  const turn = pose.whole(0, 359);
  const squeeze = pose.between(0.85, 1).toFixed(2);
  const shadow = ellipse(6, 8, 22, 44, '#000', { 'fill-opacity': 0.18 });
  return group(`translate(${x} ${y}) rotate(${turn}) scale(${scale}) scale(${squeeze} 1)`, shadow + inside);
}
