import { Page } from '../../shell/page.js';

export const Today = () => <Page title="Today">…</Page>;
