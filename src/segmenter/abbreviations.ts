import { change, changeAll, type Change, type Passage } from './changes.ts'
import { closer, digit, letter, lower, opener, space, traitsAt, upper } from './characters.ts'
import { isRoman } from './romans.ts'

/** What an abbreviation with a period is said as, and what has to follow it so that it is one. */
type Expansion = readonly [spoken: string, before?: 'name' | 'number']

/**
 * Abbreviations that engines misread. Left to them: Dr., St. John, p.m., etc., i.e. and what they spell out rightly.
 * Case matters: "No. 5" against "no. He".
 */
const expansions: Readonly<Record<string, Readonly<Record<string, Expansion>>>> = {
  en: {
    'No.': ['number', 'number'],
    'no.': ['number', 'number'],
    'Nos.': ['numbers', 'number'],
    'nos.': ['numbers', 'number'],
    'p.': ['page', 'number'],
    'pp.': ['pages', 'number'],
    'vol.': ['volume', 'number'],
    'Vol.': ['Volume', 'number'],
    'ch.': ['chapter', 'number'],
    'Ch.': ['Chapter', 'number'],
    'Chap.': ['Chapter', 'number'],
    'chap.': ['chapter', 'number'],
    'Fig.': ['Figure', 'number'],
    'fig.': ['figure', 'number'],
    'c.': ['circa', 'number'],
    'ca.': ['circa', 'number'],
    'Jan.': ['January', 'number'],
    'Feb.': ['February', 'number'],
    'Apr.': ['April', 'number'],
    'Aug.': ['August', 'number'],
    'Sept.': ['September', 'number'],
    'Oct.': ['October', 'number'],
    'Nov.': ['November', 'number'],
    'Dec.': ['December', 'number'],
    'Capt.': ['Captain', 'name'],
    'Col.': ['Colonel', 'name'],
    'Gen.': ['General', 'name'],
    'Lt.': ['Lieutenant', 'name'],
    'Maj.': ['Major', 'name'],
    'Sgt.': ['Sergeant', 'name'],
    'Gov.': ['Governor', 'name'],
    'Rev.': ['Reverend', 'name'],
    'Hon.': ['Honourable', 'name'],
    'Prof.': ['Professor', 'name'],
    'Messrs.': ['Messieurs', 'name'],
    'Mme.': ['Madame', 'name'],
    'Mlle.': ['Mademoiselle', 'name'],
    'Mt.': ['Mount', 'name'],
    'Jr.': ['Junior'],
    'Esq.': ['Esquire'],
    'Bros.': ['Brothers'],
    'vs.': ['versus'],
    'viz.': ['namely'],
  },
  fr: {
    'M.': ['Monsieur', 'name'],
    'MM.': ['Messieurs', 'name'],
    'p.': ['page', 'number'],
    'pp.': ['pages', 'number'],
    'chap.': ['chapitre', 'number'],
    'vol.': ['volume', 'number'],
    'c.-à-d.': ["c'est-à-dire"],
    'p.ex.': ['par exemple'],
    'av.J.-C.': ['avant Jésus-Christ'],
    'J.-C.': ['Jésus-Christ'],
    'St.': ['Saint', 'name'],
  },
  de: {
    'z.B.': ['zum Beispiel'],
    'd.h.': ['das heißt'],
    'D.h.': ['Das heißt'],
    'Z.B.': ['Zum Beispiel'],
    'u.a.': ['unter anderem'],
    'u.ä.': ['und ähnliches'],
    'o.ä.': ['oder ähnliches'],
    'u.s.w.': ['und so weiter'],
    'usw.': ['und so weiter'],
    'v.a.': ['vor allem'],
    'z.T.': ['zum Teil'],
    'z.Zt.': ['zur Zeit'],
    'm.E.': ['meines Erachtens'],
    'u.U.': ['unter Umständen'],
    'i.d.R.': ['in der Regel'],
    's.o.': ['siehe oben'],
    's.u.': ['siehe unten'],
    'v.Chr.': ['vor Christus'],
    'n.Chr.': ['nach Christus'],
    'bzw.': ['beziehungsweise'],
    'ca.': ['circa'],
    'vgl.': ['vergleiche'],
    'evtl.': ['eventuell'],
    'ggf.': ['gegebenenfalls'],
    'sog.': ['sogenannte'],
    'Dr.': ['Doktor'],
    'Prof.': ['Professor'],
    'Hr.': ['Herr', 'name'],
    'Hrn.': ['Herrn', 'name'],
    'Fr.': ['Frau', 'name'],
    'Frl.': ['Fräulein', 'name'],
    'St.': ['Sankt', 'name'],
    'Nr.': ['Nummer', 'number'],
    'S.': ['Seite', 'number'],
    'Bd.': ['Band', 'number'],
    'Kap.': ['Kapitel', 'number'],
    'Abb.': ['Abbildung', 'number'],
    'Str.': ['Straße'],
  },
  es: {
    'D.': ['don', 'name'],
    'pág.': ['página', 'number'],
    'págs.': ['páginas', 'number'],
    'núm.': ['número', 'number'],
    'núms.': ['números', 'number'],
    'cap.': ['capítulo', 'number'],
    'vol.': ['volumen', 'number'],
    'a.C.': ['antes de Cristo'],
    'd.C.': ['después de Cristo'],
    'p.ej.': ['por ejemplo'],
    'Gral.': ['general', 'name'],
    'Cnel.': ['coronel', 'name'],
    'Cap.': ['capitán', 'name'],
    'Lic.': ['licenciado', 'name'],
    'Ing.': ['ingeniero', 'name'],
    'Prof.': ['profesor', 'name'],
    'Sto.': ['santo', 'name'],
    'Sta.': ['santa', 'name'],
  },
  vi: {
    'TP.': ['thành phố', 'name'],
    'Tp.': ['thành phố', 'name'],
    'tp.': ['thành phố', 'name'],
    'TX.': ['thị xã', 'name'],
    'TT.': ['thị trấn', 'name'],
    'GS.': ['giáo sư', 'name'],
    'PGS.': ['phó giáo sư', 'name'],
    'TS.': ['tiến sĩ', 'name'],
    'ThS.': ['thạc sĩ', 'name'],
    'BS.': ['bác sĩ', 'name'],
    'LS.': ['luật sư', 'name'],
    'KS.': ['kỹ sư', 'name'],
    'Q.': ['quận', 'number'],
    'P.': ['phường', 'number'],
    'tr.': ['trang', 'number'],
    'v.v.': ['vân vân'],
  },
}

/** Abbreviations without a period, or with one that may be missing; looked up without spaces and periods. */
const bare: Readonly<Record<string, readonly [RegExp, Readonly<Record<string, string>>]>> = {
  fr: [
    /(?<!\p{L})(?:(?:Mmes?|Mlles?|Mgr)(?=\s(?:\p{Lu}|d[eu'’]|l[ea'’]))|(?:Me|Sts?|Stes?)(?=\s\p{Lu}))/gu,
    {
      Mme: 'Madame',
      Mmes: 'Mesdames',
      Mlle: 'Mademoiselle',
      Mlles: 'Mesdemoiselles',
      Mgr: 'Monseigneur',
      Me: 'Maître',
      St: 'Saint',
      Ste: 'Sainte',
    },
  ],
  es: [/(?<!\p{L})EE\.? ?UU(?:\.(?=\s+\p{Ll}))?(?!\p{L})/gu, { EEUU: 'Estados Unidos' }],
  vi: [
    /(?<![\p{L}.])(?:TP\.? ?)?(?:HCM|HN)(?!\p{L})|(?<!\p{L})(?:UBND|VN|ĐH|THPT|THCS|CSGT|TNHH)(?!\p{L})/gu,
    {
      TPHCM: 'thành phố Hồ Chí Minh',
      TPHN: 'thành phố Hà Nội',
      HCM: 'Hồ Chí Minh',
      HN: 'Hà Nội',
      UBND: 'ủy ban nhân dân',
      VN: 'Việt Nam',
      ĐH: 'đại học',
      THPT: 'trung học phổ thông',
      THCS: 'trung học cơ sở',
      CSGT: 'cảnh sát giao thông',
      TNHH: 'trách nhiệm hữu hạn',
    },
  ],
}

export function expandAbbreviations({ text, language }: Passage, changes: Change[]): void {
  const without = bare[language.code]
  if (without) changeAll(changes, text, without[0], ([found]) => without[1][found.replaceAll(/[\s.]/g, '')])
  const known = expansions[language.code]
  if (!known) return
  for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1))
    expandAt(text, at, known, changes)
}

function expandAt(
  text: string,
  at: number,
  known: Readonly<Record<string, Expansion>>,
  changes: Change[],
): void {
  let head = at
  while (head > 0 && (traitsAt(text, head - 1) & letter || (head < at && '.-'.includes(text[head - 1]!))))
    head--
  // "z. B." is said like "z.B."; its words are looked for from its last period backwards.
  while (head > 2 && traitsAt(text, head - 1) & space && text[head - 2] === '.' && text[head - 4] !== '.') {
    if ((traitsAt(text, head - 3) & letter) === 0 || (head > 3 && traitsAt(text, head - 4) & letter)) break
    head -= 3
  }
  const token = text.slice(head, at + 1).replaceAll(/\s/g, '')
  const expansion = Object.hasOwn(known, token) ? known[token] : undefined
  if (!expansion) return
  let next = at + 1
  while (next < text.length && traitsAt(text, next) & space) next++
  const traits = traitsAt(text, next)
  if (expansion[1] === 'number' && !(traits & digit) && (next === at + 1 || !isNumeral(text, next))) return
  if (expansion[1] === 'name' && (next === at + 1 || !(traits & upper || isParticle(text, next)))) return
  change(changes, head, endsSentence(text, at + 1) ? at : at + 1, expansion[0])
}

/** A Roman numeral of two letters or more: "No. I won't" has none. */
function isNumeral(text: string, at: number): boolean {
  let stop = at
  while (traitsAt(text, stop) & letter) stop++
  return stop > at + 1 && isRoman(text.slice(at, stop))
}

/** "M. de La Mole", "M. le baron". */
function isParticle(text: string, at: number): boolean {
  return (
    (traitsAt(text, at) & lower) !== 0 &&
    /^(?:de|du|des|d['’]|le|la|von|van|l['’])/.test(text.slice(at, at + 3))
  )
}

/** Whether only closing marks follow, so that the period is the sentence's as well. */
function endsSentence(text: string, at: number): boolean {
  for (let i = at; i < text.length; i++) if (!(traitsAt(text, i) & (closer | opener | space))) return false
  return true
}
