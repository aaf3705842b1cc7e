const NAME_BYTES = 0xffff;
// Control characters, and what Windows takes for a folder or a drive.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const NOT_IN_A_NAME = /[\u0000-\u001f\u007f\\:]/;

/**
 * A name is taken where every program unpacks it below the folder it was told: relative, no empty part, no `.` or
 * `..`, no backslash, no drive.
 *
 * @throws Error with the name, otherwise
 */
export function checkZipName(name: string): void {
  const parts = name.split('/');
  const isSafe =
    !NOT_IN_A_NAME.test(name) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isSafe || Buffer.byteLength(name) > NAME_BYTES)
    throw new Error(`not a name for a file in a ZIP archive: ${JSON.stringify(name.slice(0, 300))}`);
}
