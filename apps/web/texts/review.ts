import { words } from './words.js';

/** Texts of what a person says of a run. */
export const reviewWords = words({
  yourCall: ['Your call', 'Ihr Urteil'],
  agree: ['Agree', 'Stimmt'],
  agreeWith: [(name: string) => `Agree: ${name}`, (name: string) => `Stimmt: ${name}`],
  otherName: ['Other name', 'Anderer Name'],
  noInsect: ['No insect', 'Kein Insekt'],
  cannotTell: ['Cannot tell', 'Nicht erkennbar'],
  change: ['Change', 'Ändern'],
  reviewedAs: [(name: string) => `Reviewed: ${name}`, (name: string) => `Geprüft: ${name}`],
  saved: [(name: string) => `Saved: ${name}`, (name: string) => `Gespeichert: ${name}`],
  notSaved: ['not saved yet, trying again', 'noch nicht gespeichert, wird wiederholt'],
  refused: [(why: string) => `Not saved: ${why}`, (why: string) => `Nicht gespeichert: ${why}`],
  which: ['Which one is it?', 'Was ist es?'],
  search: ['Common or Latin name', 'Deutscher oder lateinischer Name'],
  asTaxon: [
    (name: string) => `“${name}” as a scientific name`,
    (name: string) => `„${name}“ als wissenschaftlicher Name`,
  ],
  nothingFound: ['No kind has this name.', 'Keine Art oder Gruppe heißt so.'],
  actions: [(name: string) => `Your call: ${name}`, (name: string) => `Ihr Urteil: ${name}`],
});
