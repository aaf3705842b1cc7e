import type { CropId } from '../../libs/domain/index.js';
import { isId } from '../../libs/domain/index.js';
import type { SignedUrls } from '../accounts/index.js';

const TOKEN = /^[\w-]{1,600}$/;

/** What a shared link opens, and who signed it. */
export interface SharedPicture {
  readonly crop: CropId;
  readonly signer: string;
  readonly expiresAtMs: number;
}

/**
 * Links to one picture with its caption, for people without an account. Like signed links to pictures they hold
 * everything themselves, and end with whoever made them.
 */
export class ShareLinks {
  constructor(private readonly urls: SignedUrls) {}

  /** @returns of letters, digits, `-` and `_` */
  create({ crop, signer, expiresAtMs }: SharedPicture): string {
    const path = pathOf(crop);
    return Buffer.from(`${path}?${this.urls.sign(path, signer, expiresAtMs)}`).toString('base64url');
  }

  /** @returns undefined where it has expired, or is not one of ours */
  read(token: string, nowMs: number): SharedPicture | undefined {
    if (!TOKEN.test(token)) return undefined;
    const [path = '', query = ''] = Buffer.from(token, 'base64url').toString().split('?');
    const { by, expires, signature } = Object.fromEntries(new URLSearchParams(query));
    const signer = this.urls.makerOf(path, { by, expires, signature }, nowMs);
    const [trapId = '', runId = '', cropId = '', ...rest] = path.slice(PREFIX.length).split('/');
    if (signer === undefined || rest.length || ![trapId, runId, cropId].every(isId)) return undefined;
    return { crop: { trapId, runId, cropId }, signer, expiresAtMs: Number(expires) * 1000 };
  }
}

/** No path of the API begins so: a signature of one cannot be used for the other. */
const PREFIX = 'shared/';
const pathOf = ({ trapId, runId, cropId }: CropId): string => `${PREFIX}${trapId}/${runId}/${cropId}`;
