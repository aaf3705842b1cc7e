/** Licences that GBIF knows, by the identifiers of SPDX. */
const KNOWN: Readonly<Record<string, { readonly url: string; readonly title: string }>> = {
  'CC0-1.0': {
    url: 'http://creativecommons.org/publicdomain/zero/1.0/legalcode',
    title: 'Public Domain (CC0 1.0)',
  },
  'CC-BY-4.0': {
    url: 'http://creativecommons.org/licenses/by/4.0/legalcode',
    title: 'Creative Commons Attribution (CC-BY) 4.0 License',
  },
  'CC-BY-NC-4.0': {
    url: 'http://creativecommons.org/licenses/by-nc/4.0/legalcode',
    title: 'Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License',
  },
};

export const isKnown = (licence: string): boolean => licence in KNOWN;

/** The address of a licence's text, or the licence as it was given. */
export const licenceUrl = (licence: string): string => KNOWN[licence]?.url ?? licence;

export const licenceTitle = (licence: string): string => KNOWN[licence]?.title ?? licence;
