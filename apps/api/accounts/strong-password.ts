import { passwordFault } from '../../../libs/catalog/index.js';
import type { ApiParts } from '../parts.js';
import { invalidRequest } from '../problem.js';

/** @throws Problem 400 where others could guess the password that somebody has chosen */
export async function expectStrong(
  { publicUrl }: Pick<ApiParts, 'publicUrl'>,
  name: string,
  password: string | undefined,
): Promise<void> {
  if (password === undefined) return;
  const message = await passwordFault(password, [name, publicUrl && new URL(publicUrl).hostname]);
  if (message !== undefined) throw invalidRequest([{ field: 'password', message }]);
}
