/** Derives a title from a file name: `War_and_Peace (1).txt` → `War and Peace`. Never empty. */
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

/** Titles of old novels have at most 400 characters. */
const longestOfAll = 500

/** A title of a novel, a chapter or a part, in the length that one has. */
export function shortTitle(title: string): string {
  return shortened(title, longestOfAll)
}

/** The beginning of a text, up to a word's end. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/\s+\S*$/, '')}…`
}

const titleEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Decodes entities that were escaped twice. */
export function decodeDoublyEscaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => titleEntities[name] ?? '')
}

/** Strips markup that a title contains as text: `Hard <i>Cases</i> &amp; Others`. */
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

/** A title page has short lines; longer ones are prose. */
const longestLine = 160
const longestTitle = 80

const sentence = /[.!?…。！？][\s"“”'‘’«»」』）)\]_*]*$/
/** Words of title page lines that end like sentences: author, publisher, place, date, dedication. */
const titlePageWords =
  /^\W*(?:by|von|par|di|por|de|của|tác giả|автор|translated|edited|illustrated|with (?:an )?(?:introduction|illustrations|a preface)|copyright|©|\(c\)|all rights|printed|published|first published|reprinted|london|new york|boston|paris|leipzig|berlin|madrid|москва|hà nội|dedicated|to my|to the memory|for my|à m|für mein|a mi|author of|isbn|version|edition|second edition|third edition|a novel|a romance|a tale|роман|roman|tiểu thuyết|献给|谨以|作者|译者|出版|文\/|著|版权)(?![\p{L}\p{M}])|\b(?:1[5-9]|20)\d\d\W*$|\b(?:edition|press|company|co|ltd|publishers?|sons|verlag|éditions?|editorial|editore|издательство|nhà xuất bản|出版社)\b\W*$/iu

/** Whether a line may belong to a title page: a title, a name, a place, a year, but no sentence of prose. */
export function isTitlePageLine(text: string): boolean {
  const line = text.replaceAll('\n', ' ').trim()
  if (line === '') return true
  if (line.length > longestLine) return false
  if (titlePageWords.test(line) || isCapitals(line)) return true
  return (
    line.length <= longestTitle &&
    !sentence.test(line) &&
    !/^[-–—“"«„「『‘]/.test(line) &&
    !/[,;，；、]$/.test(line)
  )
}

/**
 * A line of capitals, whatever it ends with, except an exclamation: `OEUVRES DE VOLTAIRE.`, `or, THE WHALE.`, `— I —`.
 */
function isCapitals(line: string): boolean {
  if (/^\W*[IVXLC\d]{1,6}\W*$/.test(line)) return true
  const capitals = line.match(/\p{Lu}/gu)?.length ?? 0
  if (/^or\b/.test(line) && capitals > (line.match(/\p{Ll}/gu)?.length ?? 0)) return true
  return (
    /^[\p{Lu}\p{N}*_]/u.test(line) &&
    line === line.toUpperCase() &&
    /\p{Lu}{2}/u.test(line) &&
    !/[!?]/.test(line)
  )
}

/** Whether a line could be a title by itself: short, begins with a capital, does not end like a sentence. */
export function looksLikeTitle(text: string): boolean {
  const line = text.trim()
  return (
    line.length > 0 &&
    line.length <= longestTitle &&
    !/[.!?…。！？,，;；:：]["”’»」』]*$/.test(
      line.replace(/^(\p{Lu}[^.]*)\.$/u, (whole, inner: string) =>
        inner === inner.toUpperCase() ? inner : whole,
      ),
    ) &&
    !/[.!?。！？]\s*\S/.test(line.replaceAll(/\b(?:Mr|Mrs|Ms|Dr|St|Mme|\p{Lu})\./gu, '')) &&
    /^[\p{Lu}\p{Lo}\p{N}《【]/u.test(line)
  )
}
