import type { Crop, RunInFull } from '../../../../libs/api-types/index.js';
import type { Traps } from '../../api/traps.js';
import { nameOfRun } from '../../components/names.js';
import { startOf } from '../../components/run-card.js';
import { toast } from '../../shell/toast.js';
import { clock, date } from '../../texts/format.js';
import { shell } from '../../texts/shell.js';

const WIDTH = 1200;
const MARGIN = 48;
const FONT = 'system-ui, sans-serif';

/** Saves a picture as a PNG with its name, time, place and credit below it: for a newspaper or a wall. */
export async function saveWithCaption(
  run: RunInFull,
  crop: Crop,
  traps: Traps,
  credit: string,
): Promise<void> {
  const image = new Image();
  image.src = crop.links.image;
  try {
    await image.decode();
  } catch {
    return toast(shell.noPicture);
  }
  const { name, latin } = nameOfRun(run);
  const zone = traps.zoneOf(run.trapId);
  const seen = run.timeKnown ? `${date(startOf(run), zone, 'full')}, ${clock(startOf(run), zone)} · ` : '';
  const lines = [
    { text: name.replaceAll('\u00ad', ''), font: `600 52px ${FONT}`, height: 68, colour: '#1b1c1a' },
    ...(latin ? [{ text: latin, font: `italic 34px ${FONT}`, height: 48, colour: '#4d4f4a' }] : []),
    { text: `${seen}${traps.nameOf(run.trapId)}`, font: `30px ${FONT}`, height: 46, colour: '#4d4f4a' },
    { text: credit, font: `24px ${FONT}`, height: 44, colour: '#64665f' },
  ];
  const canvas = document.createElement('canvas');
  const pictureHeight = Math.round((WIDTH * image.naturalHeight) / image.naturalWidth);
  canvas.width = WIDTH;
  canvas.height = pictureHeight + 2 * MARGIN + lines.reduce((sum, { height }) => sum + height, 0);
  const paint = canvas.getContext('2d') as CanvasRenderingContext2D;
  paint.fillStyle = '#ffffff';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.imageSmoothingQuality = 'high';
  paint.drawImage(image, 0, 0, WIDTH, pictureHeight);
  let y = pictureHeight + MARGIN;
  for (const { text, font, height, colour } of lines) {
    paint.font = font;
    paint.fillStyle = colour;
    paint.textBaseline = 'middle';
    paint.fillText(text, MARGIN, y + height / 2, WIDTH - 2 * MARGIN);
    y += height;
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) save(blob, `${run.trapId}_${run.runId}_${crop.cropId}.png`);
}

function save(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
