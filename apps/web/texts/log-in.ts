import { words } from './words.js';

export const logInWords = words({
  title: ['Log in', 'Anmelden'],
  user: ['User', 'Benutzer'],
  password: ['Password', 'Passwort'],
  remember: ['Stay logged in for 30 days', '30 Tage angemeldet bleiben'],
  submit: ['Log in', 'Anmelden'],
  wrong: ['User or password is wrong.', 'Benutzer oder Passwort stimmt nicht.'],
  tooMany: [
    (wait: string) => `Too many attempts. Try again in ${wait}.`,
    (wait: string) => `Zu viele Versuche. Noch einmal in ${wait}.`,
  ],
  lost: ['First start, or password lost?', 'Erster Start oder Passwort vergessen?'],
  lostHow: [
    'The first start prints a link that logs you in once and asks for a password. For a new link, on the station:',
    'Der erste Start gibt einen Link aus, der einmal anmeldet und nach einem Passwort fragt. Ein neuer Link, auf der Station:',
  ],
  welcome: ['Welcome', 'Willkommen'],
  choose: [
    'Choose a password for this station. From now on you log in with it.',
    'Wählen Sie ein Passwort für diese Station. Damit melden Sie sich künftig an.',
  ],
  newPassword: ['New password', 'Neues Passwort'],
  rules: [
    '12 to 256 characters. Four unrelated words make a good one.',
    '12 bis 256 Zeichen. Vier Wörter ohne Zusammenhang sind ein gutes.',
  ],
  show: ['Show the password', 'Passwort anzeigen'],
  setAndGo: ['Set the password and log in', 'Passwort setzen und anmelden'],
  guessable: [
    'This password is easy to guess. Choose another one.',
    'Dieses Passwort ist leicht zu erraten. Wählen Sie ein anderes.',
  ],
  badLink: [
    'This link has been used or has expired. A new one, on the station:',
    'Dieser Link wurde schon benutzt oder ist abgelaufen. Ein neuer, auf der Station:',
  ],
  toLogIn: ['To the log-in', 'Zur Anmeldung'],
});
