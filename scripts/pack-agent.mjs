// Packs the agent for the traps, without the rest of Trapline: `npm run agent:pack` → trapline-agent-<version>.tgz.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const whole = JSON.parse(readFileSync('package.json', 'utf8'));
const versionsOf = (...names) =>
  Object.fromEntries(
    names.map((name) => {
      if (!whole.dependencies[name]) throw new Error(`${name} is none of the dependencies`);
      return [name, whole.dependencies[name]];
    }),
  );

const folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
try {
  for (const part of ['apps/agent', 'libs/domain', 'libs/protocol'])
    cpSync(join('dist', part), join(folder, part), {
      recursive: true,
      filter: (path) => !/\.(map|d\.ts)$/.test(path) && !/[./-]spec[.-]/.test(path),
    });
  cpSync('apps/agent/agent.example.json', join(folder, 'agent.example.json'));
  cpSync('deploy/trapline-agent.service', join(folder, 'trapline-agent.service'));
  cpSync('LICENSE', join(folder, 'LICENSE'));
  const manifest = {
    name: 'trapline-agent',
    version: whole.version,
    description: 'Publishes what an insect-detect trap records.',
    license: whole.license,
    type: 'module',
    engines: whole.engines,
    bin: { 'trapline-agent': 'apps/agent/main.js' },
    dependencies: versionsOf('commander', 'mqtt', 'p-limit', 'zod'),
    // Cuts crops out of frames; a trap that cuts them itself does without.
    optionalDependencies: versionsOf('sharp'),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const packed = execFileSync('npm', ['pack', folder, '--silent', '--pack-destination', '.'], {
    encoding: 'utf8',
  });
  process.stdout.write(`${packed.trim()}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
