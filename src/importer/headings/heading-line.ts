import { chapterWords, isEverydayWord, partWords, specialWords } from './heading-words.ts'
import { cjkNumber, readNumber } from './number-words.ts'

/** A parsed heading line. */
export interface HeadingLine {
  /** `chapter`; `part`: contains chapters; `special`: prologue, epilogue and similar. */
  readonly kind: 'chapter' | 'part' | 'special'
  /** The heading word, by which parts are ranked: `book`, `卷`. */
  readonly word: string
  readonly number: number | undefined
  /** The heading without a site's prefix; starts at `offset` in the trimmed line. */
  readonly title: string
  readonly offset: number
  /** Only word and number: a title may stand below. */
  readonly bare: boolean
  /** Title of the volume before a chapter's own heading on the same line: `第一卷 青云`. */
  readonly part: string | undefined
}

/** A heading in a text, on lines `[start, end)`. */
export interface TextHeading extends HeadingLine {
  readonly start: number
  readonly end: number
}

const article =
  /^(?:(?:the|le|la|les|der|die|das|el|il|lo|o|a|al|thứ|số|ke|no\.?)\s+|l['’]|(?:nº|№|#|ke-)\s*)/i

const unspacedSpecials =
  /^(?:序章|序言|序幕|自序|前言|楔子|引子|引言|尾声|尾聲|终章|終章|后记|後記|番外篇?|番外編|外传|外傳|附录|附錄|终卷|プロローグ|エピローグ|あとがき|まえがき|はじめに|おわりに|幕間|프롤로그|에필로그|서문|서장|종장|머리말|맺음말|후기|작가의 말|외전|序|跋)(?=$|[\s　：:·．.、（(0-9一二三四五六七八九十之])/

const sitePrefix = /^(?:(?:正文|VIP章节|VIP|最新章节|《[^》]{0,30}》\s*(?:目录|正文)?)[\s　:：]*)+(?=\S)/
const decoration = /^(?:[*=#_~\-—–\s]|【|［)+|(?:[*=#_~\-—–\s]|】|］)+$/g
const cjkHeading =
  /^第\s*([0-9０-９〇零○一二三四五六七八九十百千两兩廿卅壹贰叁]{1,7})\s*([章回节節話话折幕卷部集篇冊册])(分)?(?![，。、的是个個次])(.*)$/
const volumeFirst = /^卷\s*之?([0-9０-９〇零一二三四五六七八九十百]{1,5})(?=$|[\s　：:·])(.*)$/
const koreanHeading =
  /^(?:제\s*([0-9]{1,4}|[일이삼사오육칠팔구십백]{1,5})\s*(장|화|회|부|권|편|막|절)|([0-9]{1,4})\s*(화|장|회))(?=$|[\s.:·\-(（])(.*)$/
const sono = /^その([一二三四五六七八九十百0-9０-９]{1,4})(?=$|[\s　：:])(.*)$/

/** Longer lines are prose that begins like a heading. */
const longest = { latin: 120, cjk: 60 }

/** Parses a line as a heading with a heading word; `undefined` if it is none. `line` is trimmed. */
export function readHeadingLine(line: string): HeadingLine | undefined {
  if (line.length > longest.latin) return undefined
  const prefix = sitePrefix.exec(line)?.[0] ?? ''
  const rest = line.slice(prefix.length)
  const bare = rest.replaceAll(decoration, '')
  // Restores the underscore that closes an emphasised word at the end of the title.
  const title = bare.split('_').length % 2 === 0 && rest.trimEnd().endsWith('_') ? `${bare}_` : bare
  const offset = prefix.length + rest.indexOf(title)
  if (title === '') return undefined
  const found = parseUnspaced(title) ?? parseSpaced(title)
  return found === undefined ? undefined : { ...found, title, offset }
}

type ParsedHeading = Omit<HeadingLine, 'title' | 'offset'>

function parseUnspaced(title: string): ParsedHeading | undefined {
  const first = title.charCodeAt(0)
  if (
    (first < 0x3000 && !/^\d{1,4}\s*[화장회]/.test(title)) ||
    title.length > longest.cjk ||
    title.endsWith('。')
  )
    return undefined
  const cjk = cjkHeading.exec(title)
  if (cjk !== null) {
    const [, digits = '', unit = '', division, after = ''] = cjk
    const bound = /[章回話话]/.test(unit) || division !== undefined
    if (!bound && !/^(?:$|[\s　：:·《「【（(])/.test(after)) return undefined
    const inner =
      /^(.*?[\s　：:])\s*(第\s*[0-9０-９〇零一二三四五六七八九十百千两]{1,7}\s*[章回节節話话].*)$/.exec(after)
    if (inner !== null && /[卷部集篇冊册]/.test(unit)) {
      const chapter = parseUnspaced(inner[2] ?? '')
      if (chapter !== undefined)
        return { ...chapter, part: title.slice(0, title.length - (inner[2] ?? '').length).trim() }
    }
    const kind = /[卷部集篇冊册幕]/.test(unit) ? 'part' : 'chapter'
    return { kind, word: unit, number: cjkNumber(digits), bare: after.trim() === '', part: undefined }
  }
  const volume = volumeFirst.exec(title)
  if (volume !== null)
    return {
      kind: 'part',
      word: '卷',
      number: cjkNumber(volume[1] ?? ''),
      bare: (volume[2] ?? '').trim() === '',
      part: undefined,
    }
  const counted = sono.exec(title)
  if (counted !== null)
    return {
      kind: 'chapter',
      word: 'その',
      number: cjkNumber(counted[1] ?? ''),
      bare: (counted[2] ?? '').trim() === '',
      part: undefined,
    }
  const korean = koreanHeading.exec(title)
  if (korean !== null) {
    const unit = korean[2] ?? korean[4] ?? ''
    const number = koreanNumber(korean[1] ?? korean[3] ?? '')
    return {
      kind: /[부권편막]/.test(unit) ? 'part' : 'chapter',
      word: unit,
      number,
      bare: (korean[5] ?? '').trim() === '',
      part: undefined,
    }
  }
  const special = unspacedSpecials.exec(title)
  return special === null
    ? undefined
    : { kind: 'special', word: special[0], number: undefined, bare: false, part: undefined }
}

function koreanNumber(text: string): number | undefined {
  const digits = '일이삼사오육칠팔구'
  return cjkNumber(
    text
      .replaceAll(/[일이삼사오육칠팔구]/g, (char) => '一二三四五六七八九'[digits.indexOf(char)] ?? '')
      .replaceAll('십', '十')
      .replaceAll('백', '百'),
  )
}

function parseSpaced(title: string): ParsedHeading | undefined {
  const word = chapterWords.exec(title)?.[0] ?? partWords.exec(title)?.[0]
  if (word !== undefined) return afterWord(title, word)
  const special = specialWords.exec(title)?.[0]
  if (special !== undefined) return specialTitle(title, special)
  return beforeWord(title)
}

/** `CHAPTER IV. The Storm`, `Book the First`, `Chương 12: Gió`. */
function afterWord(title: string, word: string): ParsedHeading | undefined {
  let rest = title.slice(word.length).replace(/^\./, '').trimStart()
  rest = rest.replace(article, '')
  const number = readNumber(rest)
  if (number === undefined || (isEverydayWord(word.replace(/\.$/, '')) && !/^[\dIVXLC]/.test(rest)))
    return undefined
  const after = rest.slice(number.length)
  if (!continuesAsHeading(after) || continuesAsProse(after)) return undefined
  // In lower case only with digits and a clear end: "chương 5: …", never "part one of it".
  if (/^\p{Ll}/u.test(title) && !/^\d+\s*(?:$|[:.\-–—]|\p{Lo})/u.test(rest)) return undefined
  return headingWith(word, number.value, after)
}

/** `FIRST EPILOGUE`, `Erstes Kapitel`, `2. Teil`, `Première partie`. */
function beforeWord(title: string): ParsedHeading | undefined {
  if (/^\p{Ll}/u.test(title)) return undefined
  const start = title.replace(article, '')
  const number = readNumber(start)
  if (number === undefined) return undefined
  const rest = start
    .slice(number.length)
    .replace(/^(?:st|nd|rd|th|er|ère|e|º|ª|°|-я|-й|-а|-ша|-та|:a|:e)(?!\p{L})/u, '')
    .replace(/^\./, '')
    .trimStart()
  const word = chapterWords.exec(rest)?.[0] ?? partWords.exec(rest)?.[0]
  if (word !== undefined) {
    const after = rest.slice(word.length)
    const counted = /^\p{Nd}+\./u.test(start)
    return /^\p{Lu}/u.test(rest) || after.trim() === '' || counted
      ? continuesAsHeading(after)
        ? headingWith(word, number.value, after)
        : undefined
      : undefined
  }
  const special = specialWords.exec(rest)?.[0]
  if (special === undefined || !/^\p{Lu}/u.test(rest)) return undefined
  const titled = specialTitle(rest, special)
  return titled === undefined ? undefined : { ...titled, number: number.value }
}

/** Prose that mentions headings: `BOOK I. (Folio), CHAPTER I. is how he began it`. */
function continuesAsProse(after: string): boolean {
  return (
    /(?:[Cc]hapter|CHAPTER|[Bb]ook|BOOK|[Pp]art|PART|[Vv]olume|VOLUME)\s+[\dIVXLC]{1,7}\W{0,3}\s\p{Ll}/u.test(
      after,
    ) && /[(,;]/.test(after)
  )
}

function headingWith(word: string, number: number, after: string): ParsedHeading {
  const name = word.toLowerCase().replace(/\.$/, '')
  const kind = chapterWords.test(word) ? 'chapter' : 'part'
  return { kind, word: name, number, bare: /^[\s.:,;—–-]*(?:\[\d+\])?[\s.]*$/.test(after), part: undefined }
}

function specialTitle(title: string, special: string): ParsedHeading | undefined {
  const after = title.slice(special.length)
  const number = readNumber(after.trim())?.value
  // "Introduction to the second edition" is a title, "Introduction was never his strength." is prose.
  const prose =
    title.length > 60 || /^\p{Ll}/u.test(title) || /[^.]\.$/.test(after) || /^[,;]/.test(after.trim())
  return prose
    ? undefined
    : { kind: 'special', word: special.toLowerCase(), number, bare: after.trim() === '', part: undefined }
}

/**
 * Whether the text after the number is the end, a separator or begins in upper case. (With the `i` flag `\p{Lu}`
 * matches lower case.)
 */
function continuesAsHeading(after: string): boolean {
  if (after.trim() === '') return true
  if (/^\s*(?:\.\s*[a-zà-ÿ]|[,;])/.test(after)) return false
  return /^\s*[.:—–\-)\]|[(]/.test(after) || /^\s+["“”'‘’«»„_]*[\p{Lu}\p{Lo}\p{N}]/u.test(after)
}
