/** A title as a name that every file system takes. */
export function fileName(title: string): string {
  const name = title
    .replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return name.slice(0, 80).replace(/[. ]+$/, '') || 'untitled'
}
