import './log-in.css';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../components/icon.js';
import { switchTheme } from '../../shell/theme.js';
import { shell } from '../../texts/shell.js';
import { language, switchLanguage } from '../../texts/words.js';

export const LINK_COMMAND = 'npm run trapline -- user link admin';

/** What stands before the station is open to somebody: no picture, since none is public. */
export function Door({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Trapline`;
  }, [title]);
  return (
    <main class="door" id="main">
      <div class="inner">
        <p class="brand">
          <Icon name="brand" />
          Trapline
        </p>
        <h1>{title}</h1>
        {children}
        <div class="btns apart">
          <div class="seg">
            {(['en', 'de'] as const).map((each) => (
              <button
                key={each}
                type="button"
                lang={each}
                aria-pressed={language.value === each}
                onClick={() => switchLanguage(each)}
              >
                {each === 'en' ? 'English' : 'Deutsch'}
              </button>
            ))}
          </div>
          <button
            class="btn ghost square"
            type="button"
            aria-label={shell.theme}
            title={shell.theme}
            onClick={switchTheme}
          >
            <Icon name="theme" />
          </button>
        </div>
      </div>
    </main>
  );
}
