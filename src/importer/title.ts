/** What a file's name tells: `War_and_Peace (1).txt` → `War and Peace`. Never empty. */
export function titleFromFileName(fileName: string): string {
  const base = fileName.split(/[/\\]/).at(-1) ?? ''
  const title = base
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll(/[_\s]+/g, ' ')
    .replace(/\s*\(\d+\)$/, '')
    .normalize('NFC')
    .trim()
  return title === '' ? 'Untitled' : title
}
