// Runs before the page is drawn, so that a theme or language that was chosen here does not flash in.
import { remembered } from './remembered.js';

const root = document.documentElement;
const ofSystem = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
root.dataset['theme'] = remembered('theme', ['light', 'dark']).get() ?? ofSystem();
