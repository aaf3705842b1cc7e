import sharp from 'sharp';
import type { Evaluation, Interval } from './evaluate-model.js';

const PICTURE_PX = 120;

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] as string,
  );
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const withInterval = (interval: Interval | undefined): string =>
  interval
    ? `${percent(interval.value)} <small>(${percent(interval.low)} – ${percent(interval.high)})</small>`
    : '–';
const row = (cells: readonly (string | number)[], tag = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

/** An evaluation as a page of its own, with the pictures of the surest mistakes inside. */
export async function evaluationPage(evaluation: Evaluation): Promise<string> {
  const { model, images, top1, top3, classes, curve, rule, mistakes, calibrationError } = evaluation;
  const pictures = await Promise.all(
    mistakes.map(async ({ name, path, className, said, probability }) => {
      const bytes = await sharp(path).resize(PICTURE_PX, PICTURE_PX, { fit: 'contain' }).jpeg().toBuffer();
      const source = `data:image/jpeg;base64,${bytes.toString('base64')}`;
      return `<figure><img src="${source}" alt="${escapeHtml(name)}"><figcaption>${escapeHtml(className)}, taken for ${escapeHtml(said)} (${percent(probability)})</figcaption></figure>`;
    }),
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escapeHtml(model)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ccc}figure{display:inline-block;width:${PICTURE_PX}px;margin:.5rem;vertical-align:top}figcaption{font-size:.8rem}</style>
<h1>${escapeHtml(model)}</h1>
<p>${images} pictures. Best label right: ${withInterval(top1)}; among the best three: ${withInterval(top3)}. Calibration error: ${percent(calibrationError)}. In brackets: 95 % intervals.</p>
<h2>Answers by level</h2>
<p>Single pictures, with temperature ${rule.temperature} and nothing from ${rule.nothingAt} on. A higher taxon counts as right.</p>
<table>${row(['level', 'right', 'wrong', 'uncertain', 'taken for nothing'], 'th')}${curve.map(({ level, right, wrong, unsure, nothing }) => row([level, right, wrong, unsure, nothing])).join('')}</table>
<h2>Classes</h2>
<table>${row(['class', 'pictures', 'recall', 'precision'], 'th')}${classes.map((each) => row([escapeHtml(each.className), each.images, withInterval(each.recall), withInterval(each.precision)])).join('')}</table>
<h2>Surest mistakes</h2>
${pictures.join('\n') || '<p>None.</p>'}
</html>
`;
}
