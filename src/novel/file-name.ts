/** A title as a name that every file system takes, without an ending. */
export function fileName(title: string): string {
  const name = title
    .replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return name.slice(0, 80).replace(/[. ]+$/, '') || 'untitled'
}

/** One of several files that belong together, as file managers put them in order: `Name (02 of 12)`. */
export function partName(
  name: string,
  { number, of }: { readonly number: number; readonly of: number },
): string {
  return `${name} (${String(number).padStart(String(of).length, '0')} of ${of})`
}
