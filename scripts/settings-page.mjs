// Writes docs/settings.md from .env.example: part of `npm run generate`. A test holds .env.example against the schema.
import { readFileSync, writeFileSync } from 'node:fs';

const lines = readFileSync('.env.example', 'utf8').split('\n');
const sections = [];
let about = [];
for (const line of lines) {
  const title = /^# --- (.*)$/.exec(line)?.[1];
  const [, name, value] = /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  if (title) sections.push({ title, rows: [] });
  else if (name) {
    sections.at(-1)?.rows.push({ name, value, about: about.join(' ') });
    continue; // several variables may share one comment
  } else if (line.startsWith('# ')) {
    if (/^#[A-Z]/.test(lines[lines.indexOf(line) - 1] ?? '')) about = [];
    about.push(line.slice(2));
    continue;
  }
  about = [];
}

const cell = (text) => text.replaceAll('|', '\\|');
const table = ({ title, rows }) =>
  [
    `## ${title}`,
    '',
    '| variable | default | |',
    '|---|---|---|',
    ...rows.map(
      ({ name, value, about: text }) =>
        `| \`${name}\` | ${value ? `\`${cell(value)}\`` : '–'} | ${cell(text)} |`,
    ),
  ].join('\n');

writeFileSync(
  'docs/settings.md',
  `# Settings

All settings are environment variables, and all are optional; an empty one counts as not set. They may also stand in a
file \`.env\` in the folder where Trapline starts. An unknown \`TRAPLINE_*\` variable stops the start, because it is most
likely mistyped. This page is generated from \`.env.example\`.

${sections
  .filter(({ rows }) => rows.length)
  .map(table)
  .join('\n\n')}
`,
);
