import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../../libs/config/index.js';
import { isId } from '../../../libs/domain/index.js';
import { ApiDoc, iso, json, notFound, onlyTheseFields } from '../../http/index.js';
import { CONFIG } from '../../platform/index.js';
import { CurrentUser, seesTrap, TrapLimit } from '../access/access.js';
import type { CurrentPrincipal } from '../access/principal.js';
import { EXAMPLE_SIGNED, EXAMPLE_TO_SIGN, SIGNED } from '../accounts.schema.js';
import { SignedUrls } from './signed-url.js';

const HOUR_S = 3600;
const LONGEST_S = 31 * 24 * HOUR_S;
const MOST = 500;
const PICTURE =
  /^(?<host>https?:\/\/[^?#]+?)?(?<path>\/api\/v1\/runs\/(?<ids>[^/?#]+\/[^/?#]+\/crops\/[^/?#]+)(?:\/thumbnail)?)(?<query>\?[\w=&.-]*)?$/;

/** The link of a picture as the API gives it, in its parts; `host` with all that stands before the API's own path. */
const picture = () => {
  const error = 'must be the link of a crop or of its thumbnail, such as /api/v1/runs/trap/run/crops/crop';
  return z
    .string({ error })
    .max(1000, { error })
    .transform((link, context) => {
      const { host, path = '', ids = '', query = '' } = PICTURE.exec(link)?.groups ?? {};
      const [trapId, runId, , cropId] = ids.split('/');
      if ([trapId, runId, cropId].every(isId)) return { host, path, query, trapId: trapId as string };
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    });
};

function wanted() {
  const list = `must be a list of 1 to ${MOST} links`;
  const seconds = `must be a whole number of seconds from 1 to ${LONGEST_S}`;
  return onlyTheseFields({
    urls: z.array(picture(), { error: list }).min(1, { error: list }).max(MOST, { error: list }),
    expiresInS: z
      .int({ error: seconds })
      .min(1, { error: seconds })
      .max(LONGEST_S, { error: seconds })
      .default(HOUR_S),
  });
}
const WANTED = wanted();

/** Links for pages that show pictures and cannot send a key with them. */
@TrapLimit('inside')
@Controller('api/v1/signed-urls')
export class SignedUrlsController {
  constructor(
    private readonly links: SignedUrls,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Sign links of pictures',
    description:
      'For pages that cannot send a key with an image: whoever has such a link sees that one picture, a thumbnail in every size, until it expires, or until the key or the password of the person that made it ends.',
    body: { example: EXAMPLE_TO_SIGN },
    answers: { 200: json(SIGNED, EXAMPLE_SIGNED) },
  })
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  sign(
    @Body({ schema: WANTED }) { urls, expiresInS }: z.output<typeof WANTED>,
    @CurrentUser() user: CurrentPrincipal,
  ) {
    const hidden = urls.find(({ trapId }) => !seesTrap(user, trapId));
    if (hidden) throw notFound(`There is no trap ${hidden.trapId}.`);
    const expiresAtMs = Math.ceil(Date.now() / 1000 + expiresInS) * 1000;
    const signed = urls.map(({ host = this.config.publicUrl ?? '', path, query }) => {
      const separator = query ? '&' : '?';
      return `${host}${path}${query}${separator}${this.links.sign(path, user.signer, expiresAtMs)}`;
    });
    return { urls: signed, expiresAt: iso(expiresAtMs) };
  }
}
