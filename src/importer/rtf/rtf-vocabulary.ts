/** Groups whose text is not the document's, or that are read for something else. */
export const hiddenDestinations: ReadonlySet<string> = new Set(
  `colortbl pict object header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable
  revtbl rsidtbl generator themedata colorschememapping latentstyles datastore datafield xmlnstbl mmathPr nonshppict
  annotation atnid atnauthor atntime atnref ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn bkmkstart bkmkend filetbl
  template subject keywords comment doccomm operator manager company category hlinkbase creatim revtim printim buptim
  xe tc tcn txe rxe userprops docvar fchars lchars pgdsctbl listtext pntext panose falt ud sp sn sv`.split(
    /\s+/,
  ),
)

/** Groups marked as ones that a reader may skip, and that are read. */
export const readDestinations: ReadonlySet<string> = new Set([
  'fldinst',
  'footnote',
  'shppict',
  'shpinst',
  'shptxt',
])

/** Control words that stand for characters. */
export const characters: Readonly<Record<string, string>> = {
  tab: ' ',
  emdash: '—',
  endash: '–',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  ltrmark: '',
  rtlmark: '',
  zwj: '\u200d',
  zwnj: '\u200c',
  '~': '\u00a0',
  _: '\u2011',
}

/** Encodings of fonts by their `\fcharset`, as labels of the Encoding Standard. */
export const charsets: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
}

const codePages: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10_000: 'macintosh',
  65_001: 'utf-8',
}

/** The encoding of `\ansicpg`. */
export function encodingOfCodePage(page: number): string {
  return codePages[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : 'windows-1252')
}

/** The level of a paragraph style by its name, in the languages of office programs; `undefined` if it is no heading's. */
export function levelOfStyle(name: string): number | undefined {
  if (/^(?:title|titel|titre|título|titolo|tiêu đề|标题|標題)$/i.test(name)) return 1
  const level =
    /^(?:heading|überschrift|titre|título|titolo|encabezado|заголовок|标题|標題|見出し|제목|đầu đề)\s*(\d)$/i.exec(
      name,
    )?.[1]
  return level === undefined ? undefined : Math.min(6, Math.max(1, Number(level)))
}
