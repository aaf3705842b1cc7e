import { Page } from '../shell/page.js';
import { shell } from '../texts/shell.js';

export const NotFound = () => (
  <Page title="404">
    <div class="page-head">
      <h1>{shell.notFound}</h1>
    </div>
    <a class="btn" href="/">
      {shell.backToToday}
    </a>
  </Page>
);
