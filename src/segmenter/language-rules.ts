import { primarySubtag } from '../novel/voice.ts'

/** A language's words for sentence cutting, in lower case without their final period. */
export interface LanguageRules {
  /** Primary subtag: `en`, `zh`. */
  readonly code: string
  /** `GB` of `en-GB`; empty when the tag has none. */
  readonly region: string
  /** Abbreviations that never end a sentence: Mr. */
  readonly neverFinal: ReadonlySet<string>
  /** Abbreviations that end a sentence only before a word that usually begins one: p.m., Co. */
  readonly rarelyFinal: ReadonlySet<string>
  /** Abbreviations that end a sentence before a capital: т. д. */
  readonly closing: ReadonlySet<string>
  /** Abbreviations that belong to the number after them: No. 5. */
  readonly beforeNumber: ReadonlySet<string>
  /** Words that usually begin a sentence and are not names. */
  readonly starters: ReadonlySet<string>
  /** Words before which a long sentence may be cut. */
  readonly conjunctions: ReadonlySet<string>
  /** Whether "3." before a noun is an ordinal. */
  readonly ordinalPeriod: boolean
}

interface Words {
  readonly never?: string
  readonly rarely?: string
  readonly closing?: string
  readonly number?: string
  readonly starters?: string
  readonly conjunctions?: string
  readonly ordinalPeriod?: boolean
}

const table: Readonly<Record<string, Words>> = {
  en: {
    never:
      'mr mrs ms dr st mt ft messrs mme mlle mm prof rev hon capt col gen lt maj sgt cpl pvt adm cmdr gov pres sen rep supt insp fr bros vs viz cf e.g i.e eg ie esp approx ca misc det atty',
    rarely:
      'co corp inc ltd jr sr esq a.m p.m ave blvd rd dept est ed.d ph.d m.d b.a m.a d.d jan feb mar apr jun jul aug sept sep oct nov dec u.s u.k u.s.a e.u u.n d.c a.d b.c',
    number: 'no nos p pp vol vols fig figs ch chap sec art op pt bk par ver vv ll n°',
    starters:
      'the a an i he she it we you they this that these those there here his her its my our your their what who whom whose which when where why how if in on at as by for from with without of to after before but and or nor so yet then now not no yes one some all each every many most is are was were do does did have has had can could will would shall should may might let please still again once only never perhaps well oh ah',
    conjunctions:
      'and but or nor for so yet that which who whom whose when where while because although though since unless until if as than whether whereas after before',
  },
  fr: {
    never:
      'm mm mme mmes mlle mlles mgr dr pr me st ste cf ex p.ex c.-à-d av boul chap fig hon s.m s.e mr mrs ms',
    rarely: 'jr cie ltd j.-c',
    number: 'p pp n no t vol chap art fig l ch janv févr avr juil sept oct nov déc',
    starters:
      'il elle ils elles on je tu nous vous le la les un une des ce cet cette ces mais et ou où or donc car puis alors ainsi dans sur sous avec sans pour par quand comme si que qui quoi ne non oui son sa ses mon ma mes notre votre leur leurs tout tous après avant enfin à au aux en y',
    conjunctions:
      'et mais ou où or donc car ni que qui dont quand lorsque comme si puisque parce tandis pendant afin après avant sans pour',
  },
  de: {
    never:
      'hr hrn fr frl dr prof st z b d h u a o i v s m bzw ca evtl ggf gen geb gest inkl exkl jh kgl sog vgl zzt abs anm bd bes betr dgl dipl ebd einschl etw ev geh ing jg kath lt mag med nachm phil rel röm sen str tel theol u.a z.b d.h z.t u.u o.ä v.chr n.chr mr mrs ms',
    rarely: 'usw etc co jr ag',
    number: 'nr nrn s bd kap abb art abs p jan jän feb febr mär apr jun jul aug sep sept okt nov dez',
    starters:
      'der die das den dem des ein eine einen einem einer er sie es ich du wir ihr man und aber oder denn doch da dann dort hier nun so wie was wer wo wenn als ob nach vor bei mit ohne von zu zum zur in im an am auf aus über unter für gegen nicht nein ja sein seine seinen ihre ihren mein meine dieser diese dieses jener alle alles auch noch schon nur sogar endlich plötzlich danach darauf jetzt später',
    conjunctions:
      'und aber oder denn doch sondern dass daß weil wenn als ob obwohl während damit nachdem bevor bis indem sodass wie der die das welche welcher',
    ordinalPeriod: true,
  },
  es: {
    never:
      'sr sra srta sres sras dr dra d dña lic ing arq prof ud uds vd vds st sto sta gral cnel tte cap cía mons fr p.ej ej aprox admón avda dpto gob',
    rarely: 'etc ee.uu ee uu s.a jr a.m p.m a.c d.c',
    number:
      'pág págs p pp núm núms n n.º nº cap art fig vol t ene feb mar abr may jun jul ago sept sep set oct nov dic',
    starters:
      'el la los las un una unos unas él ella ellos ellas yo tú nosotros usted ustedes y o pero mas si no sí que qué quién cómo cuándo dónde en de a al con sin por para su sus mi mis tu este esta esto ese esa eso aquel aquella aquello cuando como después antes entonces luego así ya también nada todo todos era fue es hay había se me le lo',
    conjunctions:
      'y e o u pero mas sino que porque pues cuando donde como si aunque mientras para quien cuyo cual después antes hasta',
  },
  vi: {
    never: 'tp ts ths gs pgs gs.ts pgs.ts bs ks ls cn q p tx tt ô mr mrs ms dr st',
    number: 'số tr t q p',
    starters:
      'tôi anh chị em ông bà nó hắn họ chúng cô cậu các những một cái con người nhưng và rồi thì nếu khi vì tuy dù đó đây này kia ai gì sao tại không có được trong ngoài trên dưới',
    conjunctions:
      'và nhưng hoặc hay thì mà nên vì bởi do khi nếu tuy dù để rằng là cho với rồi còn song cũng như',
  },
  it: {
    never: 'sig sigg sig.ra sig.na dott dott.ssa prof prof.ssa avv ing on rev s ss mons cap col gen ecc cfr',
    number:
      'pag pagg p pp n nn vol cap art fig genn gen febbr feb mar apr magg giu lugl lug ag ago sett set ott nov dic',
    starters:
      'il lo la i gli le un una egli ella io tu noi voi essi lui lei e ma o se non che chi come quando dove perché così poi ora in di a da con su per',
    conjunctions: 'e ed ma o od che perché quando dove come se mentre poiché benché dunque però',
  },
  pt: {
    never: 'sr sra srs sras srta dr dra d prof profa eng exmo exma v.ex st sto sta cap cel gen ten',
    number: 'pág págs p pp n nº vol cap art fig jan fev mar abr mai jun jul ago set out nov dez',
    starters:
      'o a os as um uma ele ela eles elas eu tu nós você e mas ou se não sim que quem como quando onde em de por para com sem então depois',
    conjunctions: 'e mas ou que porque pois quando onde como se embora enquanto para',
  },
  nl: {
    never: 'dhr mevr mw dr prof ds ir ing mr jhr st bv bijv enz evt ca nl resp vgl d.w.z o.a',
    number: 'nr blz p pp hfdst art fig jan febr mrt apr jun jul aug sept okt nov dec',
    starters:
      'de het een hij zij ze het ik jij je wij we en maar of want dus toen nu daar hier in op aan met van voor na',
    conjunctions: 'en maar of want dus dat die omdat als toen wanneer terwijl hoewel',
  },
  ru: {
    never:
      'г гг гр г-н г-жа им проф акад д-р ул пл пр кв корп т.е т.к т.н напр см ср св тов тыс млн млрд руб коп куб',
    closing: 'т.д т.п',
    number: 'стр с рис гл № ст п т янв февр мар апр авг сент окт нояб дек',
    starters:
      'он она оно они я ты мы вы это этот эта эти тот та те и а но да нет не в на с к из от по за для что кто как когда где если так там тут потом теперь его её их',
    conjunctions: 'и а но или да что чтобы как когда где если который которая которые потому хотя пока',
  },
}

const none: Words = {}
const rulesByTag = new Map<string, LanguageRules>()

/** The rules for a BCP 47 tag; a language without an entry gets the common rules. */
export function rulesForLanguage(tag: string): LanguageRules {
  let language = rulesByTag.get(tag)
  if (language === undefined) rulesByTag.set(tag, (language = createRules(tag)))
  return language
}

function createRules(tag: string): LanguageRules {
  const code = primarySubtag(tag)
  const words = table[code] ?? none
  return {
    code,
    region: /[-_]([A-Za-z]{2})\b/.exec(tag)?.[1]?.toUpperCase() ?? '',
    neverFinal: setOf(words.never),
    rarelyFinal: setOf(words.rarely),
    closing: setOf(words.closing),
    beforeNumber: setOf(words.number),
    starters: setOf(words.starters),
    conjunctions: setOf(words.conjunctions),
    ordinalPeriod: words.ordinalPeriod ?? ordinalPeriods.has(code),
  }
}

const ordinalPeriods = new Set(['cs', 'da', 'et', 'fi', 'hr', 'hu', 'is', 'lv', 'nb', 'nn', 'no', 'sk', 'sl'])

function setOf(words = ''): ReadonlySet<string> {
  return new Set(words.split(' ').filter((word) => word !== ''))
}
