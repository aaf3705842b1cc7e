import { toast } from '../shell/toast.js';
import { shell } from '../texts/shell.js';

/** Puts a text on the clipboard, and tells so. */
export async function copy(text: string, told = shell.copied): Promise<void> {
  toast((await isCopied(text)) ? told : `${shell.notCopied}: ${text}`);
}

async function isCopied(text: string): Promise<boolean> {
  // Over plain HTTP from another machine, browsers have no clipboard but the old way.
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  document.body.append(field);
  field.select();
  const isDone = document.execCommand('copy');
  field.remove();
  return isDone;
}
