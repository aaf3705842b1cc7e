import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { shell } from '../texts/shell.js';

interface Props {
  /** Of the window, before "· Trapline" */
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The part of the window that a page fills. */
export function Page({ title, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Trapline`;
  }, [title]);
  return (
    <main class="page" id="main" tabIndex={-1}>
      {children}
    </main>
  );
}

export const SkipLink = () => (
  <a class="skip" href="#main">
    {shell.skip}
  </a>
);
