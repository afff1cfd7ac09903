/** A clause as its characters, and where the word that ends before a place began. */
export interface PolyphoneContext {
  readonly characters: readonly string[]
  /** By character: the first of its word. */
  readonly wordStart: readonly number[]
  readonly syllables: readonly string[]
}

type Rule = (at: number, context: PolyphoneContext) => string | undefined

const numeral = /[〇零一二两三四五六七八九十百千万几数半多每这那哪]/u

/**
 * Readings by context of characters that a dictionary of words does not decide: particles above all. By character; a rule
 * returns `undefined` where the dictionary's reading stands.
 */
const rules: Readonly<Record<string, Rule>> = {
  地: readingOfDi,
  得: readingOfDe,
  了: readingOfLe,
  还: readingOfHai,
  長: readingOfChang,
  长: readingOfChang,
  只: readingOfZhi,
  为: readingOfWei,
  着: readingOfZhe,
  行: readingOfXing,
  重: readingOfZhong,
  教: (at, { characters }) => (/[我你他她您咱]/u.test(characters[at + 1] ?? '') ? 'jiao1' : undefined),
  数: (at, { characters }) =>
    /[着了]/u.test(characters[at + 1] ?? '') || (characters[at - 1] === '了' && characters[at - 2] === '数')
      ? 'shu3'
      : undefined,
  舍: (at, { characters }) =>
    /[得不弃身命]/u.test(characters[at + 1] ?? '') || /[割施取不难]/u.test(characters[at - 1] ?? '')
      ? 'she3'
      : undefined,
  背: readingOfBei,
  倒: readingOfDao,
  都: (at, { characters }) =>
    /[首京古旧迁建国]/u.test(characters[at - 1] ?? '') || /[城市督]/u.test(characters[at + 1] ?? '')
      ? undefined
      : 'dou1',
}

/** The syllables with what the rules say. */
export function disambiguated(context: PolyphoneContext): string[] {
  const syllables = [...context.syllables]
  for (const [at, character] of context.characters.entries()) {
    const reading = rules[character]?.(at, { ...context, syllables })
    if (reading !== undefined) syllables[at] = reading
  }
  return syllables
}

/** Words of two characters in which 地 is land, or that are said so anyway. */
const lands =
  /[土天大草空场平陆田工基各当原墓领此某本外内高盆湿阵营园荒山坡林雪沙耕立就境质心余遍满落倒席无特暗圣腹胜属绿之的民居产洼旱坟菜麦稻战险绝死见易扫在拔着触贴跪伏坐躺租割占种买卖蓦霍倏陡]/u
const afterLand = /[方上下里面位带址区点图球板毯理主狱步势形产道名铁震域界皮盘表质契窖基头砖瓜]/u

function readingOfDi(at: number, { characters, wordStart }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (before === '') return undefined
  if (before === '猛') return 'de5'
  const doubled = characters[at - 2] === before
  // Of “慢慢地” 地 may be part of the word, or the next one.
  const start = wordStart[at] === at ? (wordStart[at - 1] ?? 0) : wordStart[at]!
  const length = at - start
  if (doubled && length >= 2) return 'de5'
  if (length < 2 || after === '' || afterLand.test(after)) return undefined
  return lands.test(before) && !(length >= 3) ? undefined : 'de5'
}

const withDe = /[觉记懂值显免省舍懒晓认变使落]/u
const gained = /[获取难所心博赢求夺赚争应贪购]/u
const notAllowed = /[舍恨怪了巴由顾来见怨记认]/u
const mustBefore = /[我你您他她它们咱谁这那总还就都也可又非必先准]/u
const gains = /[了过到的第奖着胜病罪意手失分逞救名出]/u
const gainedWords = /[到意罪以体手奖胜失逞救病益宠势主悉志]/u

function readingOfDe(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = '', next = ''] = [characters[at - 1], characters[at + 1], characters[at + 2]]
  if (withDe.test(before)) return 'de5'
  if (before === '不') return notAllowed.test(characters[at - 2] ?? '') ? 'de5' : 'de2'
  if (before === '只' || gained.test(before)) return 'de2'
  if (after === '知') return next === '道' ? 'dei3' : 'de2'
  if (before === '' || mustBefore.test(before)) return after === '' || gains.test(after) ? 'de2' : 'dei3'
  if (after === '到') return /[听看做找想办吃买拿感觉见够达]/u.test(before) ? 'de5' : 'de2'
  if (gainedWords.test(after)) return 'de2'
  return 'de5'
}

function readingOfLe(at: number, { characters, syllables }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (
    after === '解' ||
    after === '结' ||
    after === '不' ||
    after === '却' ||
    after === '然' ||
    after === '断'
  )
    return before !== '' && after === '不' && characters[at + 2] !== '起' && characters[at + 2] !== '得'
      ? 'le5'
      : 'liao3'
  const verb = characters[at - 2] ?? ''
  if (before === '不' && verb !== '' && !/[要好对行就都也]/u.test(verb)) return 'liao3'
  if (before === '得' && syllables[at - 1] === 'de5' && verb !== '' && !withDe.test(verb)) return 'liao3'
  return before === '' || /[为末]/u.test(before) ? undefined : 'le5'
}

function readingOfHai(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = '', next = ''] = [characters[at - 1], characters[at + 1], characters[at + 2]]
  if (after === '了') return next === '解' ? 'hai2' : 'huan2'
  if (after === '给') return givesBack(at, characters) ? 'huan2' : 'hai2'
  if (/[归偿交退送奉发讨索生返往]/u.test(before)) return undefined
  if (/[你我他她您]/u.test(after) && (next === '' || /[的钱命清公自]/u.test(next))) return 'huan2'
  return /[没有是在不要想能会得可真算敢]/u.test(after) ? 'hai2' : undefined
}

/** 把书还给我, 还给他了; but 还给他买了. */
function givesBack(at: number, characters: readonly string[]): boolean {
  const rest = characters.slice(at + 2).filter((one) => !/[了们吧吗的]/u.test(one))
  return rest.length <= 2 || characters.slice(0, at).some((one) => one === '把' || one === '将')
}

function readingOfChang(at: number, { characters, wordStart }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (/[很更太最么多好特又不越]/u.test(before))
    return wordStart[at] === at || /[很更太最么越]/u.test(before) ? 'chang2' : undefined
  if (/[得出满成大]/u.test(after)) return 'zhang3'
  if (/[着了]/u.test(after)) return /[间子路话夜年天发手腿]/u.test(before) ? 'chang2' : 'zhang3'
  return undefined
}

function readingOfZhi(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (after === '身' || after === '言' || before === '船' || before === '只' || after === '只') return 'zhi1'
  return numeral.test(before) && before !== '多' ? 'zhi1' : 'zhi3'
}

function readingOfWei(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (before === '因') return 'wei4'
  if (/[成称作以认视变分化改定名誉命封尊列选评推任奉合略极颇更尤甚广深大最行所即皆]/u.test(before))
    return 'wei2'
  if (/[了何此什着啥]/u.test(after)) return 'wei4'
  if (/[一二两三四五六七八九十百千万数几]/u.test(after)) return 'wei2'
  if (/[难止首主期限生]/u.test(after) || (after === '人' && characters[at + 2] !== '民')) return 'wei2'
  if (
    before === '' ||
    /[我你他她它谁您咱自民国家老]/u.test(after) ||
    /[专只愿特都就能想也要会不]/u.test(before)
  )
    return undefined
  return 'wei2'
}

const reached = /[睡找点猜逮碰见用犯够]/u

function readingOfZhe(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (before === '' || /[沉执衣附胶土]/u.test(before)) return undefined
  if (/[急火凉迷魔慌]/u.test(after)) return 'zhao2'
  if (/[手重眼想陆落色实装力]/u.test(after) && /[地在就先便未已要]/u.test(before)) return 'zhuo2'
  if (/[不得]/u.test(before) && reached.test(characters[at - 2] ?? '')) return 'zhao2'
  if (before === '睡' || before === '找' || before === '猜')
    return /[了的]?/u.test(after) && !/[觉]/u.test(after) ? 'zhao2' : 'zhe5'
  if (before === '穿') return after === '' || /[打很]/u.test(after) ? 'zhuo2' : 'zhe5'
  return 'zhe5'
}

function readingOfXing(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (
    /[一二两三四五六七八九十几数每]/u.test(before) &&
    (/[字泪诗文树脚代大小白清热]/u.test(after) || characters[at - 2] === '第')
  )
    return 'hang2'
  return undefined
}

function readingOfZhong(at: number, { characters }: PolyphoneContext): string | undefined {
  const doubled = characters[at + 1] === '重' ? at + 2 : characters[at - 1] === '重' ? at + 1 : -1
  if (doubled > 0) return characters[doubled] === '地' || characters[doubled] === '的' ? 'zhong4' : 'chong2'
  return undefined
}

function readingOfBei(at: number, { characters }: PolyphoneContext): string | undefined {
  const [after = '', next = ''] = [characters[at + 1], characters[at + 2]]
  if (/[着起上了]/u.test(after)) return /[手脸人我你他她您]/u.test(next) ? 'bei4' : 'bei1'
  return undefined
}

function readingOfDao(at: number, { characters }: PolyphoneContext): string | undefined {
  const [before = '', after = ''] = [characters[at - 1], characters[at + 1]]
  if (/[是也像不有没很好要想]/u.test(after) && !/[摔跌打推翻倾绊病晕]/u.test(before)) return 'dao4'
  return characters.slice(at + 1, at + 5).some((one) => /[茶水酒汤奶油]/u.test(one)) ? 'dao4' : undefined
}
