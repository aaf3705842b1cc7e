import {
  allFiles,
  backup,
  backupFiles,
  clock,
  dataFolder,
  deadLetters,
  disk,
  type Finding,
  fail,
  files,
  influx,
  journal,
  outbox,
  pairing,
  reasonOf,
  restores,
  retention,
  serviceKey,
  setAside,
  skipped,
  traps,
  type Verdict,
} from '../../../features/health/index.js';
import type { ReadOnlyCatalog } from '../../../libs/database/index.js';
import { broker } from './broker-checks.js';
import { integrity, openCatalog } from './catalog-checks.js';
import { classifier, model } from './model-checks.js';
import { places } from './picture-checks.js';
import { service, settings } from './service-checks.js';

/**
 * Looks at everything between the broker and the disk, one stage after the other, and changes nothing. A check that
 * cannot be made fails; it does not end the others.
 *
 * @param isDeep reads every picture and every page of the catalog, and all of the last backup, which may take hours
 * @param onFinding is told of each as it is made
 */
export async function runChecks(
  env: NodeJS.ProcessEnv,
  nowMs: number,
  isDeep: boolean,
  onFinding: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const note = (check: string, verdict: Verdict) => {
    const finding = { check, ...verdict };
    findings.push(finding);
    onFinding(finding);
  };
  const add = async (check: string, look: () => Verdict | Promise<Verdict>) =>
    note(
      check,
      await Promise.resolve()
        .then(look)
        .catch((error) =>
          fail(
            `it could not be looked at: ${reasonOf(error)}`,
            'The service may have the same trouble: see its log.',
          ),
        ),
    );

  const { config, verdict } = settings(env);
  note('settings', verdict);
  if (!config) return findings;
  await add('data-folder', () => dataFolder(config));
  const folderIsThere = findings.every(({ state }) => state !== 'fail');
  await add('disk', () => (folderIsThere ? disk(config) : skipped('the data folder cannot be asked')));
  await add('service-key', () =>
    folderIsThere ? serviceKey(config) : skipped('the data folder cannot be asked'),
  );
  await add('service', () => service(config));
  await add('broker', () => broker(config));
  const opened = await openCatalog(config);
  note('catalog', opened.verdict);
  const { look } = opened;
  const inCatalog = (check: string, ask: (look: ReadOnlyCatalog) => Promise<Verdict>) =>
    // Older tables have not all that is asked for.
    add(check, () =>
      look && !look.tables.missing.length ? ask(look) : skipped('the catalog cannot be asked'),
    );
  try {
    await inCatalog('integrity', (at) => integrity(at, config, isDeep));
    await inCatalog('pairing', (at) => pairing(at, config));
    const found = await model(config);
    note('model', found.verdict);
    await add('classifier', () => classifier(found.package, config));
    await add('influxdb', () => influx(look, config, nowMs));
    await add('clock', () => clock(look, config, nowMs));
    await inCatalog('traps', (at) => traps(at, config.timeZone, nowMs));
    await inCatalog('dead-letters', (at) => deadLetters(at, nowMs));
    await inCatalog('journal', (at) => journal(at, nowMs));
    await inCatalog('outbox', (at) => outbox(at, nowMs));
    await inCatalog('files', (at) => (isDeep ? allFiles(at, config) : files(at, config)));
    await add('set-aside', () => setAside(config));
    await inCatalog('places', (at) => places(at, config));
    await inCatalog('backup', (at) => backup(at, nowMs));
    if (isDeep) await inCatalog('backup-files', (at) => backupFiles(at));
    await inCatalog('retention', (at) => retention(at, config));
    await add('restores', () => restores(config));
  } finally {
    await look?.close();
  }
  return findings;
}
