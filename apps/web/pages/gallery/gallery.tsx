import { Page } from '../../shell/page.js';

export const Gallery = () => <Page title="Gallery">…</Page>;
