import type { SkipReason } from '../../novel/novel.ts'
import { findGutenbergFrame, type GutenbergFrame } from '../gutenberg-frame.ts'
import { continuesOnNextLine, layoutOf } from '../lines/line-groups.ts'

/** Text in the file that is not part of the book. */
export interface Omission {
  /** Index of the line that it stood before, or in. */
  readonly at: number
  readonly reason: SkipReason
  readonly text: string
}

export interface SourceLines {
  /** The lines of the book itself. */
  readonly lines: readonly string[]
  /** What was removed, in order. */
  readonly omissions: readonly Omission[]
  readonly frame: GutenbergFrame | undefined
}

/**
 * Removes lines that are not part of the book: Project Gutenberg's frame, lines of web sites, end marks, HTML tags.
 * Everything removed is kept with its place and reason.
 */
export function sourceLines(all: readonly string[]): SourceLines {
  const frame = findGutenbergFrame(all)
  const inFrame = new Uint8Array(all.length)
  for (const { start, end } of frame?.ranges ?? []) inFrame.fill(1, start, end)
  const advertised = addressLines(all)
  const lines: string[] = []
  const omissions: Omission[] = []
  let wrapped: boolean | undefined
  const isWrapped = (): boolean => (wrapped ??= layoutOf(all).wrapped)
  let open: { at: number; reason: SkipReason; lines: string[] } | undefined
  const close = (): void => {
    if (open === undefined) return
    const text = joinParagraphs(open.lines)
    if (text !== '') omissions.push({ at: open.at, reason: open.reason, text })
    // A blank line, so that the text before and after a frame is not joined.
    if (open.reason === 'frame') lines.push('')
    open = undefined
  }
  all.forEach((source, index) => {
    const framed = inFrame[index] === 1 ? 'frame' : undefined
    const untagged = framed === undefined ? withoutTags(source) : undefined
    const line = untagged?.text ?? source
    const reason = framed ?? (advertised.has(index) ? 'advertisement' : reasonAt(all, index, line, isWrapped))
    if (reason === undefined) {
      close()
      if (untagged !== undefined && untagged.tags !== '')
        omissions.push({ at: lines.length, reason: 'markup', text: untagged.tags })
      lines.push(line)
      return
    }
    if (open?.reason !== reason) close()
    open ??= { at: lines.length, reason, lines: [] }
    open.lines.push(source)
    if (framed === undefined) close()
  })
  close()
  return { lines, omissions, frame }
}

/** In a wrapped text a line inside a sentence that spans several lines is text, whatever it contains. */
function reasonAt(
  all: readonly string[],
  index: number,
  line: string,
  isWrapped: () => boolean,
): SkipReason | undefined {
  const reason = siteLineReason(line)
  if (reason === undefined || !isWrapped()) return reason
  const [before, after] = [all[index - 1] ?? '', all[index + 1] ?? '']
  const inside =
    (before.trim() !== '' && continuesOnNextLine(before, line)) ||
    (after.trim() !== '' && continuesOnNextLine(line, after))
  return inside ? undefined : reason
}

/** Joins lines into one text: a line break between paragraphs, a space within them. */
export function joinParagraphs(lines: readonly string[]): string {
  const texts: string[] = []
  let open: string[] = []
  for (const line of [...lines, '']) {
    const text = line.trim()
    if (text !== '') open.push(text)
    else if (open.length > 0) {
      texts.push(open.join(' '))
      open = []
    }
  }
  return texts.join('\n')
}

/** Longer lines are text, whatever they mention; scripts without spaces have a lower limit. */
const longestSiteLine = 160
const longestUnspaced = 60

const webAddress =
  /https?:\/\/|\bwww\s?\.|[a-z0-9-]\.(?:com|net|org|cc|vn|ru|info|xyz|top|me|io|la|tw|cn|co)\b/i
const linkAddress = /\]\([^()]{0,500}\)/g
const onlyAddress =
  /^[\s*\-–—(（【[<]*(?:https?:\/\/\S+|www\.\S+|[\w-]{2,40}(?:\.[\w-]{2,40}){0,3}\.(?:com|net|org|cc|vn|info|xyz|top))[\s*\-–—)）】\]>/]*$/i

/** Patterns for whole lines of one reason: those that need a CJK character, and those that do not. */
interface LineRules {
  readonly cjk: readonly RegExp[]
  readonly any: readonly RegExp[]
}

const cjk = /[\u3040-\u9fff\uac00-\ud7a3]/

/** The line says that the chapter or the book ends, or continues elsewhere. */
const endMarks: LineRules = {
  cjk: [
    /^[（(【[《「\s*-]*(?:本[章节回话卷]|全[章]|第.{1,8}[章回节话])\s*(?:完|终|終|结束|結束|完结|完結)[）)】\]》」\s*。.!！-]*$/,
    /^[（(【[\s*-]*本章未完[^。！？]{0,16}[）)】\]\s。！!…-]*$/,
    /^[（(【[\s*-]*(?:未完待续|未完待續|待续|待續|未完|つづく|続く|계속|다음 화에 계속)[）)】\]\s*。.!！…-]*$/,
  ],
  any: [
    /^[([{\s*—–-]*(?:hết|kết thúc)\s+(?:chương|hồi|quyển|tập|phần)(?:\s+\d{1,5})?[)\]}\s*.!—–-]*$/iu,
    /^[([{\s*—–-]*(?:còn tiếp|còn nữa|xem tiếp|to be continued|continued in (?:the )?next chapter|end of (?:the )?chapter|chapter end|end chapter|fin du chapitre|à suivre|ende des kapitels|fortsetzung folgt|fin del cap[ií]tulo|continuar[aá]|fine del capitolo|continua|fim do cap[ií]tulo|конец главы|продолжение следует|ciąg dalszy nastąpi|koniec rozdziału|bersambung|devam edecek|wordt vervolgd)(?:\s+[\dIVXLC]{1,6})?[)\]}\s*.!…—–-]*$/iu,
  ],
}

/** The line is added by a web site, or is a web author's request for votes. */
const siteLines: LineRules = {
  cjk: [
    /^\s*(?:更新时间|更新時間|发布时间|字数|本章字数|本章字數|更新)\s*[:：]\s*\S.*$|本章字[数數]\s*[:：]\s*\d/,
    /^\s*[（(【[]?\s*(?:PS|ＰＳ|P\.S\.?|注|题外话)?\s*[:：]?.{0,40}(?:求(?:月票|推荐票|推薦票|收藏|订阅|訂閱|打赏|打賞)|(?:月票|推荐票|推薦票|收藏|打赏)(?:支持|鼓励)|感谢.{0,30}(?:打赏|月票|推荐票))/i,
    /^\s*[（(【[]?\s*(?:PS|ＰＳ|P\.S\.?)\s*[:：].{0,40}(?:支持|感谢|谢谢|更新|加更|读者|书友|订阅)/i,
    /手机(?:用户|阅读|看书).{0,30}(?:访问|登录|阅读|登陆)|请记住(?:本站|本书)|記住本站|本书首发|本書首發|最快更新|最新章节|最新章節|无弹窗|無彈窗|全文(?:免费)?阅读|免费阅读|天才一秒|一秒记住|加入书签|加入書籤|推荐阅读[:：]|喜欢请大家收藏|(?:上一章|上一页).{0,12}(?:下一章|下一页|目录)|点击下一页|本章未完.{0,20}下一页|笔趣阁|顶点小说|起点中文网|纵横中文网|晋江文学城|txt下载|TXT全集|小说网|小說網/i,
  ],
  any: [
    /^\s*[-–—*([]*\s*(?:previous|prev|next)(?: chapter)?\s*[|/·•-]+\s*(?:index|contents|toc|next|table of contents)/i,
    /(?:read|find) (?:the )?(?:latest|newest|more|free) (?:chapters?|novels?)[^.]{0,30} (?:at|on|from) |(?:this chapter|content|chapter) (?:is|was) (?:updated|uploaded|taken|sourced|hosted) (?:by|from|on)\b|if you find any errors? ?\(|please (?:go to|visit|support) .{0,40}(?:read|latest|author|site)|visit (?:our|the) (?:site|website|webnovel|discord)|(?:support|join) (?:us|me) on (?:patreon|discord|ko-fi)|patreon\.com|^\s*(?:translator|editor|tl|tlc|proofreader|edited by|translated by)\s*[:：].{1,60}(?:editor|translations?|studio|tl)\b/i,
    /(?:đọc|xem) truyện (?:online|tại|mới|hay|nhanh)|truyện (?:được )?(?:đăng|copy|lấy|dịch|convert) (?:tại|từ|bởi|ở)|bạn đang đọc truyện|nguồn\s*[:：]\s*(?:https?|www|\S+\.\S+)|^\s*(?:converter?|edit(?:or)?|beta(?:er)?|dịch giả|người dịch|nhóm dịch|biên tập|biên)\s*[:：].{1,60}$|(?:bình chọn|đề cử|nguyệt phiếu).{0,30}(?:cho truyện|ủng hộ)/iu,
  ],
}

/** The reason to exclude a line; `undefined` if it is text. Looks at one line only. */
function siteLineReason(line: string): SkipReason | undefined {
  const text = line.trim()
  if (text === '' || text.length > (/[\u3400-\u9fff]/.test(text) ? longestUnspaced : longestSiteLine))
    return undefined
  const isCjk = cjk.test(text)
  const matches = (rules: LineRules): boolean =>
    (isCjk && rules.cjk.some((rule) => rule.test(text))) || rules.any.some((rule) => rule.test(text))
  if (matches(endMarks)) return 'end-mark'
  return onlyAddress.test(text) || matches(siteLines) ? 'advertisement' : undefined
}

/** Lines at either end of a file in which sites advertise themselves. */
const edgeLines = 5
/** A line with an address that occurs this often is a site's, wherever it stands. */
const minRepetitions = 3

/** Indices of lines with an address at either end of a text, or repeated. */
function addressLines(lines: readonly string[]): ReadonlySet<number> {
  const filled: number[] = []
  const at = new Map<string, number[]>()
  lines.forEach((line, index) => {
    if (line.trim() === '') return
    filled.push(index)
    // The address of a Markdown link is not what the line says.
    if (line.length > 2 * longestSiteLine || !webAddress.test(line.replaceAll(linkAddress, ']'))) return
    const key = line.replaceAll(/\d+/g, '0').trim()
    const same = at.get(key)
    if (same === undefined) at.set(key, [index])
    else same.push(index)
  })
  const ends =
    filled.length > 2 * edgeLines
      ? new Set([...filled.slice(0, edgeLines), ...filled.slice(-edgeLines)])
      : new Set<number>()
  const found = new Set<number>()
  for (const indices of at.values())
    for (const index of indices) if (indices.length >= minRepetitions || ends.has(index)) found.add(index)
  return found
}

const htmlTag =
  /<\/?(?:p|br|div|span|b|i|u|s|em|strong|small|big|sup|sub|a|font|center|h[1-6]|hr|img|ul|ol|li|table|tbody|tr|td|th|blockquote|pre|section|article|html|head|body|title|meta|script|style|strike|del|ins|tt)(?:\s[^<>]{0,300})?\s?\/?>|<!--[^<>]{0,300}-->/gi
const htmlEntity =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|nbsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|laquo|raquo|emsp|ensp|copy|eacute|egrave|agrave|ccedil|uuml|ouml|auml|szlig);/gi
const namedEntities: Readonly<Record<string, string>> = {
  nbsp: '\u00a0',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  middot: '·',
  laquo: '«',
  raquo: '»',
  emsp: ' ',
  ensp: ' ',
  copy: '©',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  uuml: 'ü',
  ouml: 'ö',
  auml: 'ä',
  szlig: 'ß',
}

interface Untagged {
  /** Without tags, entities decoded. */
  readonly text: string
  /** The tags, in order. */
  readonly tags: string
}

/** Strips HTML tags and decodes entities in a line of plain text; `undefined` if it has none of them. */
function withoutTags(line: string): Untagged | undefined {
  if (!line.includes('<') && !line.includes('&')) return undefined
  const tags: string[] = []
  const text = line
    .replaceAll(htmlTag, (found) => {
      tags.push(found)
      return /^<\/?(?:br|p|div|li|td|tr)\b/i.test(found) ? ' ' : ''
    })
    .replaceAll(htmlEntity, characterOf)
  return text === line ? undefined : { text, tags: tags.join(' ') }
}

function characterOf(reference: string): string {
  const name = reference.slice(1, -1)
  if (!name.startsWith('#')) return namedEntities[name.toLowerCase()] ?? reference
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : reference
}
