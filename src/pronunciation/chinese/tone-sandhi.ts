import { fullEr, fullTones, neutralWords } from './neutral-words.ts'

/** A word `[first, last)` of the characters of a clause. */
export interface CharacterWord {
  readonly first: number
  readonly last: number
}

/** A clause without marks: its characters, the syllable of each (`hao3`; 5 is the neutral tone), its words. */
export interface Clause {
  readonly characters: readonly string[]
  readonly syllables: readonly string[]
  readonly words: readonly CharacterWord[]
}

/**
 * The tones of a clause as they are said one after the other: 一 and 不 by what follows, third tones before third tones,
 * neutral tones, and 儿 as the end of the syllable before it, whose own syllable is then empty. Words that are said as one
 * (不要, 看一看, 很好) are one. The rules are those by which Kokoro’s Chinese voices were taught (misaki, tone_sandhi.py).
 */
export function withSandhi(clause: Clause): Clause {
  const { characters } = clause
  const syllables = [...clause.syllables]
  const words = joinedWords(clause)
  for (const word of words) {
    sandhiOfBu(characters, syllables, word, clause.words)
    sandhiOfYi(characters, syllables, word)
    neutralTones(characters, syllables, word)
    thirdTones(syllables, word, clause.words)
    erhua(characters, syllables, word)
  }
  return { characters, syllables, words }
}

function textOf(characters: readonly string[], { first, last }: CharacterWord): string {
  return characters.slice(first, last).join('')
}

function toneOf(syllables: readonly string[], at: number): number {
  return Number(syllables[at]?.at(-1) ?? 0)
}

function setTone(syllables: string[], at: number, tone: number): void {
  const known = syllables[at] ?? ''
  if (known !== '') syllables[at] = `${known.slice(0, -1)}${tone}`
}

/** Words that belong together in speech. */
function joinedWords({ characters, syllables, words }: Clause): CharacterWord[] {
  let joined = [...words]
  const text = (word: CharacterWord): string => textOf(characters, word)
  const isSingle = ({ first, last }: CharacterWord): boolean => last - first === 1
  const join = (
    whether: (before: CharacterWord, word: CharacterWord, after?: CharacterWord) => boolean,
  ): void => {
    const made: CharacterWord[] = []
    for (const [index, word] of joined.entries()) {
      const before = made.at(-1)
      if (before && whether(before, word, joined[index + 1]))
        made[made.length - 1] = { first: before.first, last: word.last }
      else made.push(word)
    }
    joined = made
  }
  join((before) => text(before) === '不')
  // 看一看: the first joins 一, and the second, which is the same word, joins both.
  join(
    (before, word, after) =>
      after !== undefined && text(word) === '一' && isSingle(before) && text(before) === text(after),
  )
  join((before, word) => isSingle(word) && text(before) === `${text(word)}一`)
  join((before) => text(before) === '一')
  join((before, word) => isSingle(word) && text(before) === text(word))
  const third = (at: number): boolean => toneOf(syllables, at) === 3
  const isDoubled = (word: CharacterWord): boolean =>
    word.last - word.first === 2 && characters[word.first] === characters[word.first + 1]
  const original = new Set(joined)
  join(
    (before, word) =>
      original.has(before) &&
      word.last - before.first <= 3 &&
      !isDoubled(before) &&
      third(before.last - 1) &&
      third(word.first),
  )
  join((_, word) => text(word) === '儿')
  return joined
}

function sandhiOfBu(
  characters: readonly string[],
  syllables: string[],
  { first, last }: CharacterWord,
  parts: readonly CharacterWord[],
): void {
  // 看不懂, 好不好.
  if (
    last - first === 3 &&
    characters[first + 1] === '不' &&
    !/[并既也都还又再就而却且但绝从决]/u.test(characters[first]!) &&
    (characters[first] === characters[first + 2] ||
      parts.some((part) => part.first === first && part.last === last))
  ) {
    setTone(syllables, first + 1, 5)
    return
  }
  for (let at = first; at + 1 < last; at++)
    if (characters[at] === '不' && toneOf(syllables, at + 1) === 4) setTone(syllables, at, 2)
}

const numeral = /^[〇零一二两三四五六七八九十百千万亿兆]$/u

function sandhiOfYi(
  characters: readonly string[],
  syllables: string[],
  { first, last }: CharacterWord,
): void {
  const inside = characters.slice(first, last)
  if (!inside.includes('一') || inside.every((one) => numeral.test(one))) return
  if (inside.length === 3 && inside[1] === '一' && inside[0] === inside[2]) {
    setTone(syllables, first + 1, 5)
    return
  }
  // 另一 | 支: the word ends, and what is counted follows.
  const end = /[另这那某每哪又同任]/u.test(characters[last - 2] ?? '') ? last + 1 : last
  for (let at = first; at + 1 < end && at + 1 < characters.length; at++) {
    const isOrdinal = /[第十百〇零之]/u.test(characters[at - 1] ?? '')
    if (characters[at] !== '一' || isOrdinal || /[月日号]/u.test(characters[at + 1]!)) continue
    const next = toneOf(syllables, at + 1)
    setTone(syllables, at, next === 4 || next === 5 || characters[at + 1] === '个' ? 2 : 4)
  }
}

const particles = /^[吧呢啊呐噻嘛吖哦哒哩哟喽啰耶喔诶吗嘞呗]$/u

function neutralTones(characters: readonly string[], syllables: string[], word: CharacterWord): void {
  const { first, last } = word
  const length = last - first
  const text = textOf(characters, word)
  if (fullTones.has(text)) return
  if (length === 2 && characters[first] === characters[first + 1]) setTone(syllables, last - 1, 5)
  const [end = '', before = ''] = [characters[last - 1], characters[last - 2]]
  if (particles.test(end)) setTone(syllables, last - 1, 5)
  else if (length > 1 && end === '们') setTone(syllables, last - 1, 5)
  else if (length > 1 && /[来去]/u.test(end) && /[上下进出回过起开]/u.test(before))
    setTone(syllables, last - 1, 5)
  else if (
    length > 1 &&
    end === '子' &&
    !/[男女分原量莲石瓜电王公太天弟君父母孔孟老庄才孝棋游赤长次独皇质学之鱼臣甲丙庚戊壬仙童逆浪士西核离光粒粒精卵义养亲嫡世夫内]/u.test(
      before,
    )
  )
    setTone(syllables, last - 1, 5)
  const counter = characters.indexOf('个', first)
  if (
    text === '个' ||
    (counter > first &&
      counter < last &&
      /[一二两三四五六七八九十百几有半多各整每做是这那哪]/u.test(characters[counter - 1]!))
  )
    setTone(syllables, text === '个' ? first : counter, 5)
  for (const size of [2, 3]) {
    for (let at = first; at + size <= last; at++)
      if (neutralWords.has(characters.slice(at, at + size).join(''))) setTone(syllables, at + size - 1, 5)
  }
}

/** Of third tones one after the other all but the last are said as second tones, by the parts of the word. */
function thirdTones(
  syllables: string[],
  { first, last }: CharacterWord,
  parts: readonly CharacterWord[],
): void {
  const isThird = (at: number): boolean => at < last && toneOf(syllables, at) === 3
  const length = last - first
  if (length === 2 && isThird(first) && isThird(first + 1)) setTone(syllables, first, 2)
  else if (length === 3) {
    const inner = parts.find(
      (part) => part.first >= first && part.last <= last && part.last - part.first === 2,
    )
    const beginsWithTwo = inner === undefined || inner.first === first
    if (isThird(first) && isThird(first + 1) && isThird(first + 2)) {
      if (beginsWithTwo) setTone(syllables, first, 2)
      setTone(syllables, first + 1, 2)
    } else if (isThird(first) && isThird(first + 1)) setTone(syllables, first, 2)
    else if (isThird(first + 1) && isThird(first + 2)) setTone(syllables, first + 1, 2)
  } else if (length > 3) {
    for (let at = first; at + 1 < last; at += 2) if (isThird(at) && isThird(at + 1)) setTone(syllables, at, 2)
  }
}

function erhua(characters: readonly string[], syllables: string[], word: CharacterWord): void {
  const { first, last } = word
  if (last - first < 2 || characters[last - 1] !== '儿' || !/^er\d$/.test(syllables[last - 1]!)) return
  const text = textOf(characters, word)
  if (fullEr.has(text) || fullEr.has(text.slice(-2)) || syllables[last - 2]!.startsWith('er')) return
  const before = syllables[last - 2]!
  if (before === '') return
  syllables[last - 2] = `${before.slice(0, -1)}r${before.at(-1)}`
  syllables[last - 1] = ''
}
