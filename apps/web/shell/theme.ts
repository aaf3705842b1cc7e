import { effect, signal } from '@preact/signals';
import { remembered } from './remembered.js';

export type Theme = 'light' | 'dark';

const stored = remembered<Theme>('theme', ['light', 'dark']);
const system = matchMedia('(prefers-color-scheme: dark)');
const ofSystem = (): Theme => (system.matches ? 'dark' : 'light');

/** The theme that is shown: the one chosen here, else the system's. */
export const theme = signal<Theme>(stored.get() ?? ofSystem());

system.addEventListener('change', () => {
  if (!stored.get()) theme.value = ofSystem();
});

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function switchTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  stored.set(theme.value);
}
