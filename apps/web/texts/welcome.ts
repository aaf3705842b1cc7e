import { words } from './words.js';

/** Texts of the first page while the station has no picture. */
export const welcomeWords = words({
  title: ['Welcome', 'Willkommen'],
  lead: [
    'The station is ready but has no visit yet. Connect a trap, and its first insect appears here within seconds.',
    'Die Station ist bereit, hat aber noch keinen Besuch. Verbinden Sie eine Falle: Ihr erstes Insekt erscheint hier nach Sekunden.',
  ],
  addTrap: ['Add a trap', 'Falle hinzufügen'],
  addTrapHow: [
    'Give it a name, and Trapline makes its account and the commands that connect it.',
    'Geben Sie ihr einen Namen; Trapline macht den Zugang und die Befehle, die sie verbinden.',
  ],
  onlyAdminAdds: ['Only an admin can add a trap.', 'Nur die Verwaltung kann eine Falle hinzufügen.'],
  inTerminal: ['Or in a terminal on this machine:', 'Oder in einem Terminal auf diesem Rechner:'],
  send: ['Send a first picture', 'Ein erstes Bild senden'],
  sendHow: [
    'Any photograph of an insect will do. The account trap-1 was made at the first start; its password was printed in the terminal.',
    'Jedes Foto eines Insekts genügt. Der Zugang trap-1 entstand beim ersten Start; sein Passwort steht im Terminal.',
  ],
  listening: [
    (port: number) => `Listening on port ${port}. Nothing has arrived yet.`,
    (port: number) => `Hört auf Port ${port}. Noch ist nichts angekommen.`,
  ],
  waiting: ['Nothing has arrived yet.', 'Noch ist nichts angekommen.'],
  around: ['Look around first', 'Erst umsehen'],
  aroundHow: [
    'Three simulated traps and two weeks of drawn insects, in a station of their own. Your own data stays separate.',
    'Drei simulierte Fallen und zwei Wochen gezeichnete Insekten, in einer eigenen Station. Ihre Daten bleiben getrennt.',
  ],
  seeHere: ['What you will see here', 'Was hier zu sehen sein wird'],
  see1: [
    'The day’s visits and kinds, **against what is usual**. The first band appears after 12 days.',
    'Besuche und Arten des Tages, **gemessen am Üblichen**. Das erste Band erscheint nach 12 Tagen.',
  ],
  see2: [
    'First sightings and unusual hours, with their pictures.',
    'Erstbeobachtungen und ungewöhnliche Stunden, mit ihren Bildern.',
  ],
  see3: [
    'A few doubtful insects that need your call.',
    'Einige zweifelhafte Insekten, die Ihr Urteil brauchen.',
  ],
});
