/**
 * Number words from 1 on, cardinals and ordinals as headings write them (`Rozdział pierwszy`, `Første kapittel`): one
 * line for each language, forms of one value joined by `/`.
 */
const forms: readonly string[] = [
  // Dutch, Afrikaans
  'een/één/eerste twee/tweede drie/derde vier/vierde vijf/vijfde zes/zesde zeven/zevende acht/achtste negen/negende tien/tiende elf/elfde twaalf/twaalfde dertien/dertiende veertien/veertiende vijftien/vijftiende zestien/zestiende zeventien/zeventiende achttien/achttiende negentien/negentiende twintig/twintigste',
  // Swedish, Danish, Norwegian
  'ett/en/första/første två/to/andra/anden/andet/andre tre/tredje fyra/fire/fjärde/fjerde fem/femte sex/seks/sjätte/sjette sju/syv/sjunde/syvende/sjuende åtta/otte/åtte/åttonde/ottende/åttende nio/ni/nionde/niende tio/ti/tionde/tiende elva/elleve/elfte/ellevte/ellefte tolv/tolfte/tolvte tretton/tretten/trettonde/trettende fjorton/fjorten/fjortonde/fjortende femton/femten/femtonde/femtende sexton/seksten/sextonde/sekstende sjutton/sytten/sjuttonde/syttende arton/atten/artonde/attende nitton/nitten/nittonde/nittende tjugo/tyve/tjue/tjugonde/tyvende',
  // Finnish
  'yksi/ensimmäinen kaksi/toinen kolme/kolmas neljä/neljäs viisi/viides kuusi/kuudes seitsemän/seitsemäs kahdeksan/kahdeksas yhdeksän/yhdeksäs kymmenen/kymmenes yksitoista/yhdestoista kaksitoista/kahdestoista kolmetoista/kolmastoista neljätoista/neljästoista viisitoista/viidestoista kuusitoista/kuudestoista seitsemäntoista/seitsemästoista kahdeksantoista/kahdeksastoista yhdeksäntoista/yhdeksästoista kaksikymmentä/kahdeskymmenes',
  // Estonian
  'üks/esimene kaks/teine kolm/kolmas neli/neljas viis/viies kuus/kuues seitse/seitsmes kaheksa/kaheksas üheksa/üheksas kümme/kümnes',
  // Polish
  'jeden/pierwszy/pierwsza/pierwsze dwa/drugi/druga/drugie trzy/trzeci/trzecia/trzecie cztery/czwarty/czwarta/czwarte pięć/piąty/piąta/piąte sześć/szósty/szósta/szóste siedem/siódmy/siódma/siódme osiem/ósmy/ósma/ósme dziewięć/dziewiąty/dziewiąta/dziewiąte dziesięć/dziesiąty/dziesiąta/dziesiąte jedenaście/jedenasty/jedenasta dwanaście/dwunasty/dwunasta trzynaście/trzynasty/trzynasta czternaście/czternasty/czternasta piętnaście/piętnasty/piętnasta szesnaście/szesnasty/szesnasta siedemnaście/siedemnasty/siedemnasta osiemnaście/osiemnasty/osiemnasta dziewiętnaście/dziewiętnasty/dziewiętnasta dwadzieścia/dwudziesty/dwudziesta',
  // Czech, Slovak
  'jedna/jeden/první/prvá/prvý dva/dvě/dve/druhá/druhý/druhé tři/tri/třetí/tretia/tretí čtyři/štyri/čtvrtá/čtvrtý/štvrtá/štvrtý pět/päť/pátá/pátý/piata/piaty šest/šesť/šestá/šestý/šiesta/šiesty sedm/sedem/sedmá/sedmý/siedma/siedmy osm/osem/osmá/osmý/ôsma/ôsmy devět/deväť/devátá/devátý/deviata/deviaty deset/desať/desátá/desátý/desiata/desiaty jedenáct/jedenásť/jedenáctá/jedenáctý/jedenásta/jedenásty dvanáct/dvanásť/dvanáctá/dvanáctý/dvanásta/dvanásty třináct/trinásť/třináctá/třináctý/trinásta čtrnáct/štrnásť/čtrnáctá/čtrnáctý/štrnásta patnáct/pätnásť/patnáctá/patnáctý/pätnásta šestnáct/šestnásť/šestnáctá/šestnáctý/šestnásta sedmnáct/sedemnásť/sedmnáctá/sedmnáctý/sedemnásta osmnáct/osemnásť/osmnáctá/osmnáctý/osemnásta devatenáct/devätnásť/devatenáctá/devatenáctý/devätnásta dvacet/dvadsať/dvacátá/dvacátý/dvadsiata',
  // Hungarian
  'egy/első kettő/második három/harmadik négy/negyedik öt/ötödik hat/hatodik hét/hetedik nyolc/nyolcadik kilenc/kilencedik tíz/tizedik tizenegy/tizenegyedik tizenkettő/tizenkettedik tizenhárom/tizenharmadik tizennégy/tizennegyedik tizenöt/tizenötödik tizenhat/tizenhatodik tizenhét/tizenhetedik tizennyolc/tizennyolcadik tizenkilenc/tizenkilencedik húsz/huszadik',
  // Romanian
  'unu/întâi/prima/primul doi/doua/doilea trei/treia/treilea patru/patra/patrulea cinci/cincea/cincilea șase/șasea/șaselea șapte/șaptea/șaptelea opt/opta/optulea nouă/noua/nouălea zece/zecea/zecelea unsprezece/unsprezecelea doisprezece/doisprezecelea treisprezece/treisprezecelea paisprezece/paisprezecelea cincisprezece/cincisprezecelea șaisprezece șaptesprezece optsprezece nouăsprezece douăzeci',
  // Catalan
  'primer/primera segon/segona tercer/tercera quart/quarta cinquè/cinquena sisè/sisena setè/setena vuitè/vuitena novè/novena desè/desena onzè/onzena dotzè/dotzena',
  // Slovene, Croatian, Serbian
  'ena/jedan/prvo/prva/prvi/прво/прва/први dve/drugo/druga/drugi/друго/друга/други tri/tretje/treće/treća/treći/треће/трећа četiri/štiri/četrto/četvrto/četvrta/четврто/четврта pet/peto/peta/пето/пета šest/šesto/šesta/шесто/шеста sedam/sedmo/sedma/седмо/седма osam/osmo/osma/осмо/осма devet/deveto/deveta/девето/девета deset/deseto/deseta/десето/десета jedanaest/jedanaesto/једанаесто dvanaest/dvanaesto/дванаесто',
  // Ukrainian
  'один/перший/перша два/другий/друга три/третій/третя чотири/четвертий/четверта пʼять/п’ять/пʼятий/п’ятий/п’ята шість/шостий/шоста сім/сьомий/сьома вісім/восьмий/восьма дев’ять/дев’ятий/дев’ята десять/десятий/десята одинадцять/одинадцятий/одинадцята дванадцять/дванадцятий/дванадцята тринадцять/тринадцятий чотирнадцять/чотирнадцятий п’ятнадцять/п’ятнадцятий шістнадцять/шістнадцятий сімнадцять/сімнадцятий вісімнадцять/вісімнадцятий дев’ятнадцять/дев’ятнадцятий двадцять/двадцятий',
  // Bulgarian, Macedonian
  'едно/първа/първи/прва втора/втори трета/трети четири/четвърта/четвърти/четврта пет/пета/пети шест/шеста/шести седем/седма/седми осем/осма/осми девет/девета/девети десет/десета/десети единадесет/единадесета дванадесет/дванадесета',
  // Turkish, Azerbaijani
  'bir/birinci iki/ikinci üç/üçüncü dört/dördüncü/dörd beş/beşinci altı/altıncı yedi/yedinci/yeddi/yeddinci sekiz/sekizinci/səkkiz/səkkizinci dokuz/dokuzuncu/doqquz/doqquzuncu on/onuncu',
  // Indonesian and Malay
  'satu/pertama/kesatu dua/kedua tiga/ketiga empat/keempat lima/kelima enam/keenam tujuh/ketujuh delapan/kedelapan/lapan sembilan/kesembilan sepuluh/kesepuluh sebelas/kesebelas',
  // Greek
  'ένα/πρώτο/πρώτη/πρώτος δύο/δεύτερο/δεύτερη/δεύτερος τρία/τρίτο/τρίτη/τρίτος τέσσερα/τέταρτο/τέταρτη πέντε/πέμπτο/πέμπτη έξι/έκτο/έκτη επτά/εφτά/έβδομο/έβδομη οκτώ/οχτώ/όγδοο/όγδοη εννέα/εννιά/ένατο/ένατη δέκα/δέκατο/δέκατη ένδεκα/έντεκα/ενδέκατο δώδεκα/δωδέκατο',
  // Hebrew
  'אחד/אחת/ראשון/ראשונה שניים/שתיים/שני/שנייה/שניה שלושה/שלוש/שלישי/שלישית ארבעה/ארבע/רביעי/רביעית חמישה/חמש/חמישי/חמישית שישה/שש/שישי/שישית שבעה/שבע/שביעי/שביעית שמונה/שמיני/שמינית תשעה/תשע/תשיעי/תשיעית עשרה/עשר/עשירי/עשירית',
  // Arabic
  'واحد/الأول/الاول/الأولى اثنان/الثاني/الثانية ثلاثة/الثالث/الثالثة أربعة/الرابع/الرابعة خمسة/الخامس/الخامسة ستة/السادس/السادسة سبعة/السابع/السابعة ثمانية/الثامن/الثامنة تسعة/التاسع/التاسعة عشرة/العاشر/العاشرة',
  // Persian, Urdu
  'یک/اول/پہلا دو/دوم/دوسرا سه/سوم/تیسرا چهار/چهارم/چوتھا پنج/پنجم/پانچواں شش/ششم/چھٹا هفت/هفتم/ساتواں هشت/هشتم/آٹھواں نه/نهم/نواں ده/دهم/دسواں',
  // Hindi, Marathi, Nepali
  'एक/पहला/प्रथम दो/दूसरा/द्वितीय/दोन तीन/तीसरा/तृतीय चार/चौथा/चतुर्थ पाँच/पांच/पाँचवाँ/पाच/पंचम छह/छठा/सहा/षष्ठ सात/सातवाँ/सप्तम आठ/आठवाँ/अष्टम नौ/नौवाँ/नऊ/नवम दस/दसवाँ/दहा/दशम',
  // Thai
  'หนึ่ง/แรก สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ',
]

/** Values of the number words of these languages, in lower case. */
export const numberForms: ReadonlyMap<string, number> = new Map(
  forms.flatMap((language) =>
    language
      .split(' ')
      .flatMap((words, index) => words.split('/').map((word) => [word.normalize('NFC'), index + 1] as const)),
  ),
)

/** Code points of the digit zero in scripts that have digits of their own. */
const zeros = [
  0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040,
  0x17e0, 0xff10,
]
const digits = `[${zeros.map((zero) => `\\u${zero.toString(16).padStart(4, '0')}-\\u${(zero + 9).toString(16).padStart(4, '0')}`).join('')}]`
const upToFourDigits = new RegExp(`^${digits}{1,4}(?!${digits})`)

/** Reads up to four digits of any script at the start of a text. */
export function readDigits(text: string): { readonly value: number; readonly length: number } | undefined {
  const found = upToFourDigits.exec(text)?.[0]
  if (found === undefined) return undefined
  let value = 0
  for (const char of found) {
    const code = char.charCodeAt(0)
    value = value * 10 + code - (zeros.findLast((zero) => zero <= code) ?? code)
  }
  return { value, length: found.length }
}

const hebrew = 'אבגדהוזחט יכלמנסעפצ קרשת'
const greek = 'αβγδεϛζηθ ικλμνξοπϟ ρστυφχψω'

/** Reads letter numerals, `א`, `י״ב`, `Α΄`, `ιβʹ`, alone or after a heading word; `undefined` for other words. */
export function readLetterNumber(
  text: string,
): { readonly value: number; readonly length: number } | undefined {
  const found = /^(?:[א-ת]{1,2}[׳']?|[א-ת]{1,2}[״"][א-ת]|[Α-Ωα-ω]{1,3}\s?[΄ʹ'’´.])(?=$|[\s.:,\-–—])/.exec(
    text,
  )?.[0]
  if (found === undefined) return undefined
  const letters = found.toLowerCase().replaceAll(/[^א-תα-ω]/g, '')
  const row = /[א-ת]/.test(letters) ? hebrew : greek
  let value = 0
  let before = Infinity
  for (const letter of letters) {
    const at = row.indexOf(letter)
    const [tens, unit] = [Math.floor(at / 10), at % 10]
    const worth = (unit + 1) * 10 ** tens
    // Larger values come first, except in 15 and 16, ט״ו and ט״ז.
    if (at < 0 || (worth >= before && !/^ט[וז]$/.test(letters))) return undefined
    value += worth
    before = worth
  }
  return value > 0 && value < 400 ? { value, length: found.length } : undefined
}
