import type { Mention } from './subject-phrases.ts'

/** A verb of speech right before a quote: 行者笑道：“. */
const before = /(?:道|曰|[说說]|云|叫|喝|[骂罵]|[问問]|答|嚷|喊)(?:了?一[声聲句])?\s*[:：,，]?\s*$/u
/** What stands between a name and 道. */
const manners =
  /(?:[笑问問答喝叫骂罵怒喜惊驚哭叹嘆说說喊嚷奏禀谢謝拜应應回忙急慌即便乃遂又也却卻才再只就方大高厉厲微冷暗低连連齐齊上前声聲呵哈近心中]|躬身|合掌|欠身|叩头|磕头|满心欢喜|对曰|闻言|听言|听说|开言|陪笑|陪着?)+$/u
const pronouns: Readonly<Record<string, 'male' | 'female' | 'any'>> = { 他: 'male', 她: 'female', 它: 'any' }
const noNames = new Set([
  '他',
  '她',
  '它',
  '你',
  '我',
  '众',
  '又',
  '且',
  '不',
  '口',
  '口中',
  '两',
  '一',
  '二人',
  '三人',
  '四人',
  '两个',
  '有诗',
  '诗',
  '词',
  '正是',
  '有',
  '只',
  '人',
  '内',
  '来',
  '去',
  '都',
  '俱',
  '各',
  '自',
  '这',
  '那',
  '常言',
  '古人',
  '俗语',
  '古诗',
  '怎么',
  '如何',
  '乃',
  '却',
  '传',
  '近前',
  '上前',
])

/** The clause before a verb of speech that ends a narration, without the verb; `undefined`: there is none. */
function leadIn(narration: string): readonly string[] | undefined {
  const found = before.exec(narration.slice(-80))
  if (!found || !/[:：,，]\s*$/u.test(narration)) return undefined
  const text = narration.slice(-160).replace(before, '')
  const sentence = text.split(/[。！？；”』」…]/u).at(-1) ?? ''
  return sentence.split(/[，、]/u).map((clause) => clause.trim())
}

/** Counts, in a chapter's narration before quotes, the words that may be names: “行者道：”. */
export function collectChineseNames(narrations: readonly string[], counts: Map<string, number>): void {
  for (const narration of narrations) {
    const clause = leadIn(narration)?.at(-1)
    if (clause === undefined) continue
    const name = clause.replace(manners, '').replace(/^[那这却说只见又]+(?=.)/u, '')
    if (!looksLikeName(name)) continue
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
}

function looksLikeName(name: string): boolean {
  if (!/^\p{Script=Han}{1,4}$/u.test(name) || noNames.has(name)) return false
  if (name.length === 1 && !'怪妖魔佛僧'.includes(name)) return false
  return !/[着了的得在把将与向对不]|^[倒口朝个忽一两又都各便就即心]|[下上里外前后起来去出进]$/u.test(name)
}

const longestName = 5

/** Somebody who was not there before acts from here on: 早有一个夜叉. */
const newcomer = /早有|只见|只听|忽见|忽听|有一[个個]|一[个個].{0,8}的|[个個]{1,2}/u

/** The known name that a clause begins with, the longest one. */
function nameAtStart(clause: string, names: ReadonlySet<string>): string | undefined {
  const text = clause.replace(/^(?:却说|只见|且说|那|这|好|真)+/u, '')
  for (let length = Math.min(longestName, text.length); length > 0; length--) {
    const name = text.slice(0, length)
    if (names.has(name)) return name
  }
  return undefined
}

/** Who speaks the quote behind this narration: by a known name at the start of the clause, or of its sentence. */
export function chineseSubjectBefore(narration: string, names: ReadonlySet<string>): Mention | undefined {
  const clauses = leadIn(narration)
  if (!clauses) return undefined
  for (let at = clauses.length - 1; at >= 0; at--) {
    const clause = clauses[at]!
    const name = nameAtStart(clause, names)
    if (name !== undefined) return { kind: 'name', name }
    const pronoun = pronouns[clause[0] ?? '']
    if (pronoun !== undefined) return { kind: 'pronoun', gender: pronoun }
    if (clause.startsWith('我') || clause.startsWith('吾')) return { kind: 'self' }
    if (newcomer.test(clause)) return undefined
    // A subject that is not known stands here: 那壁厢一个老者道.
    if (clause !== '' && clause.replace(manners, '').length > (at === clauses.length - 1 ? 6 : 12))
      return undefined
  }
  return undefined
}

/** Who speaks the quote before this narration: “走吧。”张三说。 */
export function chineseSubjectAfter(narration: string, names: ReadonlySet<string>): Mention | undefined {
  const found =
    /^(\p{Script=Han}{1,8}?)(?:(?<![听聽据據再])[说說问問喊叫答嚷]|[说說问問笑回]道)(?:了|着)?(?=[。！？…，])/u.exec(
      narration,
    )
  if (!found) return undefined
  const name = nameAtStart(found[1]!, names)
  if (name !== undefined) return { kind: 'name', name }
  const pronoun = pronouns[found[1]![0]!]
  return pronoun === undefined ? undefined : { kind: 'pronoun', gender: pronoun }
}
