import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Evaluation, Interval } from '../../../libs/classifier/index.js';
import { readConfig } from '../../../libs/config/index.js';
import { DEFAULT_TAXON_RULE, TaxonTree } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import { print, table } from './context.js';
import { progressOf } from './progress.js';

interface Options {
  readonly images: string;
  readonly labels?: string;
  readonly html?: string;
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Commands that measure a model on labelled pictures. */
export function addEvaluationCommands(model: Command): void {
  const onPictures = (name: string, description: string): Command =>
    model
      .command(name)
      .description(description)
      .argument('<name>', 'name or path of a model')
      .requiredOption('--images <folder>', 'a folder for each class, called after a label, a taxon, or none')
      .option('--labels <csv>', 'instead: a file with file,class in each line, below that folder')
      .option('--json', 'print one line of JSON');
  onPictures('evaluate', 'measure a model on labelled pictures')
    .option('--html <file>', 'also write a page with the worst mistakes')
    .action(evaluateModel);
  onPictures('calibrate', 'find the temperature of a model on one half of labelled pictures')
    .option('--data <text>', "what the card says the pictures are; default: the folder's name")
    .option('--dry-run', 'do not write it to the card')
    .action(calibrateModel);
}

async function answersOf(name: string, { images: folder, labels, json }: Options) {
  const { classifyImages, findModel, labelledImages, openModel } = await import(
    '../../../libs/classifier/index.js'
  );
  const { modelFolders } = await import('../choose-model.js');
  const model = await openModel(await findModel(name, modelFolders(readConfig(process.env))));
  const tree = new TaxonTree(model.card.labels);
  const { images, unknown } = await labelledImages(folder, labels, tree);
  if (unknown.length) process.stderr.write(`left out, unknown to the model: ${unknown.join(', ')}\n`);
  const progress = progressOf(json);
  const answers = await classifyImages(model, images, {
    onProgress: (done) => progress.show(`${done} of ${plural(images.length, 'picture')}`),
  });
  progress.end();
  return { model, tree, answers };
}

async function evaluateModel(name: string, options: Options): Promise<void> {
  const { evaluate, evaluationPage } = await import('../../../libs/classifier/index.js');
  const { model, tree, answers } = await answersOf(name, options);
  const evaluation = evaluate(model, answers, tree);
  if (options.html) await writeFile(options.html, await evaluationPage(evaluation));
  print(options.json, evaluation, asText(evaluation));
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const interval = (of: Interval | undefined): string =>
  of ? `${percent(of.value)} (${percent(of.low)} to ${percent(of.high)})` : '-';

function asText(evaluation: Evaluation): string {
  const { model, images, failed, top1, top3, classes, curve, cropsPerSecond, memoryBytes } = evaluation;
  return [
    `${model}: ${plural(images, 'picture')}${failed.length ? `, ${failed.length} more could not be classified` : ''}`,
    `best label right: ${interval(top1)}; among the best three: ${interval(top3)}`,
    `calibration error: ${percent(evaluation.calibrationError)}; ${cropsPerSecond.toFixed(1)} pictures/s${memoryBytes ? `; ${Math.round(memoryBytes / 1e6)} MB a process` : ''}`,
    '',
    table([
      ['level', 'right', 'wrong', 'uncertain', 'nothing'],
      ...curve.map((point) =>
        [point.level, point.right, point.wrong, point.unsure, point.nothing].map(String),
      ),
    ]),
    '',
    table([
      ['class', 'pictures', 'recall', 'precision'],
      ...classes.map((each) => [
        each.className,
        String(each.images),
        interval(each.recall),
        interval(each.precision),
      ]),
    ]),
  ].join('\n');
}

async function calibrateModel(name: string, options: Options): Promise<void> {
  const { calibrate } = await import('../../../libs/classifier/index.js');
  const { model, tree, answers } = await answersOf(name, options);
  if (!tree.isComplete)
    throw new Error(
      `the card of ${model.key} names no order for some of its labels, so runs are not decided by taxa`,
    );
  const { taxa } = model.card.decision;
  const rule = { ...DEFAULT_TAXON_RULE, ...taxa };
  const { temperature, ...calibration } = calibrate(answers.answered, tree, rule);
  const data = options.data ?? options.images;
  if (!options.dryRun) {
    const path = join(model.folder, 'model.json');
    const card = JSON.parse(await readFile(path, 'utf8'));
    const { level, nothingAt } = rule;
    const decided = { temperature, level, nothingAt, calibration: { data, ...calibration } };
    card.decision = { ...card.decision, taxa: decided };
    // A card is written whole or not at all.
    await writeFile(`${path}.new`, `${JSON.stringify(card, null, 2)}\n`);
    await rename(`${path}.new`, path);
  }
  const at = calibration.curve.find(({ level }) => level >= rule.level) ?? calibration.curve.at(-1);
  print(
    options.json,
    { model: model.key, temperature, written: !options.dryRun, ...calibration },
    [
      `temperature ${temperature}, found on ${plural(calibration.fittedOn, 'picture')}`,
      `on the other ${calibration.heldOut}, at level ${at?.level}: ${at?.right} right, ${at?.wrong} wrong, ${at?.unsure} uncertain, ${at?.nothing} taken for nothing`,
      options.dryRun
        ? 'The card stays as it is.'
        : 'Written to the card. The service uses it from its next start on.',
    ].join('\n'),
  );
}
