import { fileName } from '../novel/file-name.ts'

/** Letters that no decomposition takes apart. */
const asciiLetters: Readonly<Record<string, string>> = {
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  Ŋ: 'N',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  þ: 'th',
  Þ: 'Th',
  ə: 'e',
  Ə: 'E',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': "'",
  '”': "'",
  '„': "'",
  '«': "'",
  '»': "'",
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
}

/**
 * RFC 6266 and RFC 8187: a name for a download, in plain letters for old clients, and the real one. Both are names that
 * every file system takes.
 */
export function contentDisposition(title: string, ending: string): string {
  const name = `${fileName(title)}${ending}`
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${toAscii(name)}"; filename*=UTF-8''${encoded}`
}

/** é → e, đ → d; what has no plain letter is `_`. */
function toAscii(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}+/gu, '')
      .replaceAll(/[^\x20-\x7e]/gu, (char) => asciiLetters[char] ?? '_')
      // A percent sign is taken for an escape by some; the others end the quoted string or, made by NFKD, are a separator.
      .replaceAll(/["%\\/:*?<>|]/g, '_')
  )
}
