// Writes what models/taxonomy/ holds of their taxa into the cards of models/, so that a card stays complete by itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLabel } from '../dist/libs/classifier/card/derive-label.js';

for (const name of readdirSync('models')) {
  const file = join('models', name, 'model.json');
  let card;
  try {
    card = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) continue;
    throw error;
  }
  const labels = card.labels.map(completeLabel);
  // On one line: the formatter breaks what is too long for a line, and leaves what is broken.
  if (JSON.stringify(labels) !== JSON.stringify(card.labels))
    writeFileSync(file, JSON.stringify({ ...card, labels }));
}
