// Prints figures about the structure of the source code: `npm run house`, or `node scripts/house.mjs <other checkout>`.
// They inform; nothing is enforced here. Import rules are in .dependency-cruiser.cjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const root = process.argv[2] ?? '.';
const FOLDERS = ['apps', 'features', 'libs', 'bench', 'grafana', 'models/training'];
const MANY = 15;
/** Where a crop enters, and where a list of runs is answered; the older paths serve for comparing with older checkouts. */
const CROP_RECEIVER = ['features/ingest/receive-crop.ts', 'apps/ingest/receive-crop.ts'];
const RUN_LIST = ['features/runs/runs.controller.ts', 'apps/api/runs.controller.ts'];
/** Names that docs/glossary.md replaced. */
const REPLACED =
  /^(goers?|Goers?|unhurried|ClassifierSight|TrapSight|BodyRoom|RunSettler|Settling|settleWith|hold(Run|Trap)|mark(Points|Run)|leave(Points|Outbox|Inbox)|(un)?tellReading|forgetStale|judgements|judgedCropsOf|showRuns|EditorWord|SentWord|takeWord|said_by|PARTS|ApiParts|InTurn|inTurn|Refuser|Deliveries|Askers?|Callers?|Needs|mayAct|TakesAccessToken|Documented|inParts|disarm|LabelBook|DeploymentBook|CatalogLook|lookInto|LOOK_EVERY_MS|Pairing|KeptClassifier|kept(Query|One)|KeptMessage|Obstacle|KeyWay|PEOPLE)$/;

const isTest = (path) => path.endsWith('.spec.ts') || /(^|[\\/])spec-[^\\/]+$/.test(path);
const files = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !isTest(path))
    .map((path) => `${folder}/${path}`),
);
const parsed = new Map(
  files.map((path) => [
    path,
    ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2023, true),
  ]),
);

/** What a file imports at run time, and by which names; `export … from` counts too. */
function importsOf(path) {
  return parsed.get(path).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier?.text;
    if (!from?.startsWith('.')) return [];
    const base = join(dirname(path), from).replace(/\.js$/, '');
    const target = [`${base}.ts`, `${base}.tsx`].find((each) => parsed.has(each));
    if (!target) return [];
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
    if (clause?.isTypeOnly) return [];
    const bindings = ts.isImportDeclaration(statement) ? clause?.namedBindings : statement.exportClause;
    const names = bindings?.elements?.filter((each) => !each.isTypeOnly);
    return [
      {
        target,
        isExport: ts.isExportDeclaration(statement),
        names: names?.map((each) => [(each.propertyName ?? each.name).text, each.name.text]),
      },
    ];
  });
}
const declares = (path, name) =>
  parsed
    .get(path)
    .statements.some(
      (each) =>
        each.name?.text === name ||
        each.declarationList?.declarations.some((declaration) => declaration.name.text === name),
    );

/** The file in which a name is declared that `path` exports. */
function home(path, name) {
  if (declares(path, name)) return path;
  for (const { target, isExport, names } of importsOf(path)) {
    if (!isExport) continue;
    const inner = names ? names.find(([, outer]) => outer === name)?.[0] : name;
    const found = inner && home(target, inner);
    if (found) return found;
  }
  return undefined;
}

/** Files that a file needs at run time, index files looked through. */
function reach(start, seen = new Set()) {
  if (seen.has(start)) return seen;
  seen.add(start);
  for (const { target, names, isExport } of importsOf(start)) {
    if (isExport) continue;
    for (const [name] of names ?? []) {
      const found = home(target, name);
      if (found) reach(found, seen);
    }
  }
  return seen;
}

const lengths = files.map((path) => parsed.get(path).getLineStarts().length - 1).sort((a, b) => a - b);
const perFolder = new Map();
for (const path of files) perFolder.set(dirname(path), (perFolder.get(dirname(path)) ?? 0) + 1);
const crowded = [...perFolder].filter(([, count]) => count > MANY).sort((a, b) => b[1] - a[1]);
const first = (paths) => paths.find((path) => parsed.has(path));
const cropPath = reach(first(CROP_RECEIVER));
const runList = [...reach(first(RUN_LIST))].filter((path) => !path.startsWith('libs/'));
/** Names in the code; words in texts and comments are not counted. */
function namesIn(node, names = new Set()) {
  if (ts.isIdentifier(node)) names.add(node.text);
  ts.forEachChild(node, (child) => void namesIn(child, names));
  return names;
}
const replaced = new Set(
  [...parsed.values()].flatMap((file) => [...namesIn(file)].filter((name) => REPLACED.test(name))),
);

const rows = [
  ['source files', files.length],
  ['lines', lengths.reduce((sum, each) => sum + each, 0)],
  ['median lines of a file', lengths[Math.floor(lengths.length / 2)]],
  ['longest file, lines', lengths.at(-1)],
  [
    `folders with more than ${MANY} files`,
    crowded.map(([folder, count]) => `${folder} (${count})`).join(', ') || 0,
  ],
  ['files that storing a crop needs at run time', cropPath.size],
  ['files of the service, without libs, that a list of runs needs', runList.length],
  ['replaced names that are left', replaced.size ? [...replaced].sort().join(', ') : 0],
];
for (const [name, value] of rows) console.log(`${name}: ${value}`);
