import type { Block } from '../novel/novel.ts'
import { primarySubtag } from '../novel/voice.ts'
import type { NameCandidate } from './name-candidates.ts'

// Where no blanks tell words apart, names are found by what stands beside them: a verb of speech in Chinese, what people are
// called by in Japanese. Places, and people who neither speak nor are addressed, are not found.

interface NamePatterns {
  /** The first group is the name. */
  readonly beside: readonly RegExp[]
  readonly noNames: ReadonlySet<string>
  /** What is in no name. */
  readonly never: RegExp
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const chinese: NamePatterns = {
  beside: [
    // 行者笑道：, at the beginning of a clause.
    /(?<!\p{Script=Han})(?:只见|却说|那|这)?(\p{Script=Han}{2,4}?)(?:[笑问問答喝叫骂罵怒喜惊驚哭叹嘆忙急又也却卻便就即乃连連齐齊低轻輕冷大高厉厲微]|闻言|聞言|听了|聽了|躬身|合掌|点头|點頭|摇头|搖頭){0,3}(?:道|曰|[说說]道?)\s*[:：，,]/gu,
    // “走吧。”张三说。
    /[”」』]\s*(\p{Script=Han}{2,3}?)[笑低轻輕冷大又也忙急]{0,2}(?:[说說问問喊]|道)(?:道)?[。，,！？]/gu,
    /(?<!\p{Script=Han})(\p{Script=Han}{1,3})(?:先生|小姐|太太|女士|老师|老師|师傅|師傅)/gu,
  ],
  noNames: setOf(
    '他们 她们 我们 你们 咱们 大家 众人 二人 两人 三人 四人 两个 自己 有人 那人 这人 此人 别人 旁人 口中 心中 常言 古人 俗语 古诗 怎么 如何 近前 上前 正是 有诗 一面 一边 不知 听说 据说 只得 连忙 于是 然后 但是 因此 所以 也就是 就是 可是 老 大 小 女 男 各位 诸位 大惊 大怒 大叫 大喝 点头 点頭 合掌 高叫 厉声 吩咐 应声 口里 呵呵 说道 问道 答道 却说 大喜 哈哈 便就 吆喝 跪下 跪倒 施礼 忽然 躬身 启奏 大众 仰面',
  ),
  never: /[的了着得不声聲]|^[又心口那这這你我他她它]/u,
}

const japanese: NamePatterns = {
  beside: [
    /(?<![\p{Script=Han}々お御])([\p{Script=Han}々ヶ]{1,4})(?:さん|さま|様|君|くん|ちゃん|氏|殿|先生|先輩|夫人|嬢)/gu,
  ],
  noNames: setOf(
    '皆 客 医者 父 母 兄 姉 祖父 祖母 奥 娘 神 王 姫 嬢 叔父 叔母 伯父 伯母 弟 妹 殿 旦那 若 坊 赤 子供 婆 爺 仏 主 諸 我 校長 社長 部長 課長 隊長 店長 団長 院長 教授 博士 大 小 新 旧 男 女 同 両 各 一 二 三 何 誰 貴 先 奴 隣 道',
  ),
  never: /^々/u,
}

const patternsOf: Readonly<Record<string, NamePatterns>> = { zh: chinese, ja: japanese }

export function hasUnspacedNames(language: string): boolean {
  return primarySubtag(language) in patternsOf
}

/** A character alone stands in other words too. */
const shortest = 2
/** Once may be chance: so often a name stands where names stand, and so often in all. */
const [timesBeside, timesInAll] = [2, 3]
/** How many are counted in the whole text. */
const mostCounted = 400

/** The names of a novel whose words no blanks tell apart, those that occur most first. */
export function unspacedNames(
  chapters: readonly (readonly Pick<Block, 'kind' | 'text'>[])[],
  language: string,
): NameCandidate[] {
  const patterns = patternsOf[primarySubtag(language)]
  if (!patterns) return []
  const beside = new Map<string, number>()
  for (const { text } of chapters.flat())
    for (const pattern of patterns.beside)
      for (const [, name = ''] of text.matchAll(pattern))
        if (name.length >= shortest && !patterns.noNames.has(name) && !patterns.never.test(name))
          beside.set(name, (beside.get(name) ?? 0) + 1)
  const likely = [...beside]
    .filter(([, times]) => times >= timesBeside)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, mostCounted)
  const found = likely.flatMap(([word]): NameCandidate[] => {
    const { count, first } = placesOf(chapters, word)
    if (count < timesInAll || !first) return []
    return [{ word, count, forms: [], first, isName: true, titles: [] }]
  })
  return found.filter(({ word, count }) => !found.some((other) => isPhraseOf(word, count, other)))
}

/** A name that is written so much more often than with something before or behind it: 行者 of 行者见. */
const timesMore = 5

function isPhraseOf(word: string, count: number, name: Pick<NameCandidate, 'word' | 'count'>): boolean {
  if (word.length <= name.word.length || name.count < timesMore * count) return false
  return word.startsWith(name.word) || word.endsWith(name.word)
}

function placesOf(chapters: readonly (readonly Pick<Block, 'text'>[])[], word: string) {
  let count = 0
  let first: NameCandidate['first'] | undefined
  for (const [chapter, blocks] of chapters.entries())
    for (const [block, { text }] of blocks.entries())
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        count++
        first ??= { chapter, block, start: at, end: at + word.length }
      }
  return { count, first }
}
