/** The chapters of the document, in this order. */
export const TAGS = {
  Reading: 'Traps, runs, pictures, sessions and models.',
  Statistics: 'Counts and unusual activity. A run is one visit and counts once, everywhere.',
  Traps: 'What editors say of traps and of where they stand.',
  Downloads: 'Whole selections as files. All stream, and take the filters of the list of runs.',
  Reviews: 'Verdicts of people, which overrule the model.',
  Sending: 'For traps without MQTT.',
  People: 'Who may do what: logins and keys.',
  Administration: 'Accounts, models, retention, and what was refused.',
  Compatibility: 'The routes of waskrabbeltda, for its trap client and its readers.',
  Contract: 'This document, and the contract of MQTT.',
  Operation: 'For those who run the service.',
} as const;

export type Tag = keyof typeof TAGS;
