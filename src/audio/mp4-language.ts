/** ISO 639-1 and ISO 639-2/T of the languages that novels are written in and voices speak. */
const languageCodes =
  'af afr ar ara az aze be bel bg bul bn ben bs bos ca cat cs ces cy cym da dan de deu el ell en eng eo epo es spa et est eu eus fa fas fi fin fr fra ga gle gd gla gl glg gu guj he heb hi hin hr hrv hu hun hy hye ia ina id ind is isl it ita ja jpn ka kat kk kaz kl kal kn kan ko kor ku kur ky kir la lat lb ltz lt lit lv lav mi mri mk mkd ml mal mr mar ms msa mt mlt my mya nb nob ne nep nl nld nn nno no nor om orm or ori pa pan pl pol pt por qu que ro ron ru rus sd snd si sin sk slk sl slv sq sqi sr srp sv swe sw swa ta tam te tel th tha tk tuk tl tgl tn tsn tr tur tt tat ug uig uk ukr ur urd uz uzb vi vie yi yid zh zho zu zul'
const threeLetters = new Map(
  [...languageCodes.matchAll(/(\w+) (\w+)/g)].map(([, two = '', three = '']) => [two, three]),
)

/** The three letters that a track's language is written in, of a BCP 47 tag: `zho` of `zh-Hant`; `und` if there are none. */
export function iso639Language(tag: string): string {
  const primary = tag.toLowerCase().split('-', 1)[0] ?? ''
  return threeLetters.get(primary) ?? (/^[a-z]{3}$/.test(primary) ? primary : 'und')
}
