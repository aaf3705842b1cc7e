import { Page } from '../../shell/page.js';

export const Run = () => <Page title="Run">…</Page>;
