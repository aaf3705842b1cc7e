// Writes NOTICE: what is shipped with Trapline, and under which licence. `node scripts/notice.mjs`, after a change of the
// dependencies; a test holds it against package-lock.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** What is in this repository or inside of a package, and that no package-lock.json names. */
const INSIDE = `Parts of other works in this repository

  libs/classifier/pixels/resize-cv2*   bilinear resizing, with the numbers of OpenCV's cv2.resize (Apache-2.0,
                                Copyright OpenCV team); compiled from resize-cv2.wat to WebAssembly
  libs/classifier/pixels/resize-pil.ts bilinear resizing, with the numbers of Pillow (MIT-CMU,
                                Copyright 1997-2011 Secret Labs AB, 1995-2011 Fredrik Lundh and contributors,
                                2010 Jeffrey A. Clark and contributors)
  libs/domain/observation/insect-detect.ts  follows the rule of insect-detect-ml's process_metadata.py, which is not included
  models/demo                   the demo model and its training code: Apache-2.0, part of Trapline. It was trained with
                                drawn pictures of this repository, and with no others
  models/*/model.json           cards of models that are not included; each card names the licence of its model

Works inside of packages below

  @cwasm/jpeg-turbo             libjpeg-turbo as WebAssembly (IJG, BSD-3-Clause and zlib licences)
  @julusian/jpeg-turbo          libjpeg-turbo as a native library (IJG, BSD-3-Clause and zlib licences). This software is
                                based in part on the work of the Independent JPEG Group
  onnxruntime-node              ONNX Runtime (MIT, Copyright Microsoft Corporation), with the works that its
                                ThirdPartyNotices.txt names
  onnx-buf                      the ONNX format's Protocol Buffers (Apache-2.0, Copyright ONNX Project Contributors)
  @img/sharp-libvips-*          libvips and the libraries it uses (LGPL-3.0-or-later and others: THIRD-PARTY-NOTICES.md there)
  @photostructure/sqlite        SQLite (public domain) and code of Node.js (MIT)
  swagger-ui-dist               Swagger UI (Apache-2.0, Copyright SmartBear Software), served at /api/docs
`;

/** Packages that name their licence in the older field `licenses`, which package-lock.json leaves out. */
const OLD_FIELD = { busboy: 'MIT', streamsearch: 'MIT' };

/** All packages of a production installation, on any platform, in the order of their names. */
export function shippedPackages(lock) {
  const packages = Object.entries(lock.packages)
    .filter(
      ([path, entry]) => path.startsWith('node_modules/') && !entry.dev && !entry.devOptional && !entry.link,
    )
    .map(([path, { version, license }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license ?? OLD_FIELD[path.split('node_modules/').at(-1)] ?? 'see the package',
    }));
  const lines = packages.map(({ name, version, licence }) => `  ${name} ${version} (${licence})`);
  return [...new Set(lines)].sort();
}

export const notice = (lock) => `Trapline
Copyright the Trapline contributors. Licensed under the Apache License, Version 2.0: see LICENSE.

${INSIDE}
Packages that come with it (npm ci --omit=dev; each has its licence text in node_modules/<name>). Those for other
platforms are not installed. The agent that npm run agent:pack makes holds the texts of what is in it.

${shippedPackages(lock).join('\n')}
`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync('NOTICE', notice(JSON.parse(readFileSync('package-lock.json', 'utf8'))));
