import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Public } from '../accounts/index.js';
import { ApiDoc, file, oneOf, rangeable } from '../http/index.js';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
const FILE_PARAMS = z.object({ file: oneOf(...FILES) });
const ONE_DAY = 'public, max-age=86400';

/** Swagger UI sets styles in its elements; everything else comes from here, and nothing from anybody else. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The document as a page to read and to try. */
@Public(true)
@Controller('api/docs')
export class DocsController {
  @ApiDoc({
    tag: 'Contract',
    summary: 'This document, as a page',
    answers: { 200: file('text/html', 'A page that needs nothing from elsewhere') },
  })
  @Get()
  @Header('Content-Security-Policy', PAGE_POLICY)
  page(@Req() { path }: Request, @Res() response: Response): void {
    // Relative, so that the page also works behind a proxy that puts a prefix before every path.
    const here = path.endsWith('/') ? './' : 'docs/';
    response.type('text/html').send(PAGE.replaceAll('{here}', here));
  }

  @ApiDoc({
    tag: 'Contract',
    summary: 'What starts the page',
    answers: { 200: file('text/javascript', 'A few lines') },
  })
  @Get('start.js')
  @Header('Cache-Control', ONE_DAY)
  start(@Res() response: Response): void {
    response.type('text/javascript').send(START);
  }

  @ApiDoc({
    tag: 'Contract',
    summary: 'A file of the page',
    answers: rangeable(['text/css', 'text/javascript', 'image/png'], 'A file of Swagger UI'),
    problems: [416],
  })
  @Get(':file')
  file(
    @Param({ schema: FILE_PARAMS }) { file: name }: z.output<typeof FILE_PARAMS>,
    @Res() response: Response,
  ): void {
    response.sendFile(join(PACKAGE, name), { headers: { 'Cache-Control': ONE_DAY }, cacheControl: false });
  }
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Trapline: REST API</title>
  <link rel="stylesheet" href="{here}swagger-ui.css">
  <link rel="icon" href="{here}favicon-32x32.png">
</head>
<body>
  <div id="page" data-document="{here}../openapi.json"></div>
  <noscript>The same as a document: <a href="{here}../openapi.json">openapi.json</a></noscript>
  <script src="{here}swagger-ui-bundle.js"></script>
  <script src="{here}start.js"></script>
</body>
</html>
`;

const START = `const page = document.getElementById('page');
SwaggerUIBundle({
  url: page.dataset.document,
  domNode: page,
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
});
`;
