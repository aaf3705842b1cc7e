// Packs the agent for the traps, without the rest of Trapline: `npm run agent:pack` → trapline-agent-<version>.tgz. It is
// a file with all that it imports, and a second one that cuts crops in a process of its own, so that a trap needs nothing
// from the network but, if it is to cut crops, sharp.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { FOR_NODE } from './compile.mjs';

const whole = JSON.parse(readFileSync('package.json', 'utf8'));

/** The packages that modules come from, as folders. */
const packagesOf = (modules) =>
  [...new Set(modules.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]))]
    .filter((folder) => folder)
    .sort();

/** Their licences ask for it: each goes along with what it covers. */
const licenceOf = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
};

const folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
try {
  const { metafile } = await build({
    entryPoints: [
      { in: 'apps/agent/main.ts', out: 'trapline-agent' },
      // The agent looks for it beside itself.
      { in: 'apps/agent/folder/crops/cut-program.ts', out: 'cut-program' },
    ],
    outdir: folder,
    ...FOR_NODE,
    metafile: true,
    external: ['sharp'],
    define: { PACKED_VERSION: JSON.stringify(whole.version) },
    logLevel: 'warning',
  });
  const licences = packagesOf(Object.keys(metafile.inputs)).map(licenceOf);
  writeFileSync(join(folder, 'LICENSES-OF-OTHERS'), `${licences.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
  for (const file of ['apps/agent/agent.example.json', 'deploy/trapline-agent.service', 'LICENSE'])
    cpSync(file, join(folder, file.split('/').at(-1)));
  const manifest = {
    name: 'trapline-agent',
    version: whole.version,
    description: 'Publishes what an insect-detect trap records.',
    license: whole.license,
    type: 'module',
    engines: whole.engines,
    bin: { 'trapline-agent': 'trapline-agent.js' },
    // Cuts crops out of frames; a trap that cuts them itself does without.
    optionalDependencies: { sharp: whole.dependencies.sharp },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const packed = execFileSync('npm', ['pack', folder, '--silent', '--pack-destination', '.'], {
    encoding: 'utf8',
  });
  process.stdout.write(`${packed.trim()}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
