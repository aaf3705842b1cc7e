// Runs before the page is drawn, so that a theme or language that was chosen here does not flash in.
import { remembered } from './remembered.js';

const root = document.documentElement;
const theme = remembered('theme', ['light', 'dark']).get();
if (theme) root.dataset['theme'] = theme;
