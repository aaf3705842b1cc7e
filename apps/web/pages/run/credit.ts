import { session } from '../../api/session.js';

/** Who is to be named beside a picture, and under which licence it may be used. */
export function creditOf(trapName: string): string {
  const { rightsHolder, mediaLicence, licence } = session.value?.station ?? {};
  const terms = mediaLicence ?? licence;
  return `${trapName} / ${rightsHolder ?? 'Trapline'}${terms ? `, ${terms}` : ''}`;
}
