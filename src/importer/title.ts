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

const titleEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** What was escaped twice. */
export function decodeDoublyEscaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => titleEntities[name] ?? '')
}

/** A title without the markup that stands in it as text: `Hard <i>Cases</i> &amp; Others`. */
export function withoutMarkup(title: string): string {
  if (!/[<&]/.test(title)) return title
  return decodeDoublyEscaped(title)
    .replaceAll(/<(?:br|p|div|h[1-6])\b[^<>]*>/gi, ' ')
    .replaceAll(
      /<\/?(?:a|abbr|b|big|br|cite|div|em|font|h[1-6]|i|p|q|s|small|span|strong|sub|sup|u)\b[^<>]*>/gi,
      '',
    )
    .replaceAll(/\s+/g, ' ')
    .trim()
}
