import { addChanges, type Change, type Passage } from './text-changes.ts'

type Names = readonly [one: string, many: string]

const metric = 'km m cm mm kg g mg t l ml ha'
const table: Readonly<Record<string, Readonly<Record<string, Names>>>> = {
  en: {
    ...pairs(
      metric,
      'kilometer:s meter:s centimeter:s millimeter:s kilogram:s gram:s milligram:s ton:s liter:s milliliter:s hectare:s',
    ),
    'km/h': ['kilometer per hour', 'kilometers per hour'],
    'km²': ['square kilometer', 'square kilometers'],
    'm²': ['square meter', 'square meters'],
    'm³': ['cubic meter', 'cubic meters'],
    ft: ['foot', 'feet'],
    yd: ['yard', 'yards'],
    yds: ['yard', 'yards'],
    mi: ['mile', 'miles'],
    lb: ['pound', 'pounds'],
    lbs: ['pound', 'pounds'],
    oz: ['ounce', 'ounces'],
    cwt: ['hundredweight', 'hundredweight'],
    mph: ['mile per hour', 'miles per hour'],
    hrs: ['hour', 'hours'],
    min: ['minute', 'minutes'],
    mins: ['minute', 'minutes'],
    '°C': ['degree Celsius', 'degrees Celsius'],
    '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
    '°': ['degree', 'degrees'],
  },
  fr: {
    ...pairs(
      metric,
      'kilomètre:s mètre:s centimètre:s millimètre:s kilo:s gramme:s milligramme:s tonne:s litre:s millilitre:s hectare:s',
    ),
    'km/h': ['kilomètre à l’heure', 'kilomètres à l’heure'],
    'km²': ['kilomètre carré', 'kilomètres carrés'],
    'm²': ['mètre carré', 'mètres carrés'],
    'm³': ['mètre cube', 'mètres cubes'],
    min: ['minute', 'minutes'],
    '°C': ['degré Celsius', 'degrés Celsius'],
    '°F': ['degré Fahrenheit', 'degrés Fahrenheit'],
    '°': ['degré', 'degrés'],
  },
  de: {
    ...pairs(
      metric,
      'Kilometer: Meter: Zentimeter: Millimeter: Kilogramm: Gramm: Milligramm: Tonne:n Liter: Milliliter: Hektar:',
    ),
    'km/h': ['Kilometer pro Stunde', 'Kilometer pro Stunde'],
    'km²': ['Quadratkilometer', 'Quadratkilometer'],
    'm²': ['Quadratmeter', 'Quadratmeter'],
    'm³': ['Kubikmeter', 'Kubikmeter'],
    'Std.': ['Stunde', 'Stunden'],
    min: ['Minute', 'Minuten'],
    '°C': ['Grad Celsius', 'Grad Celsius'],
    '°F': ['Grad Fahrenheit', 'Grad Fahrenheit'],
    '°': ['Grad', 'Grad'],
  },
  es: {
    ...pairs(
      metric,
      'kilómetro:s metro:s centímetro:s milímetro:s kilo:s gramo:s miligramo:s tonelada:s litro:s mililitro:s hectárea:s',
    ),
    'km/h': ['kilómetro por hora', 'kilómetros por hora'],
    'km²': ['kilómetro cuadrado', 'kilómetros cuadrados'],
    'm²': ['metro cuadrado', 'metros cuadrados'],
    'm³': ['metro cúbico', 'metros cúbicos'],
    min: ['minuto', 'minutos'],
    '°C': ['grado Celsius', 'grados Celsius'],
    '°F': ['grado Fahrenheit', 'grados Fahrenheit'],
    '°': ['grado', 'grados'],
  },
  it: {
    ...pairs(
      metric,
      'chilometr:o/i metr:o/i centimetr:o/i millimetr:o/i chil:o/i gramm:o/i milligramm:o/i tonnellat:a/e litr:o/i millilitr:o/i ettar:o/i',
    ),
    'km/h': ['chilometro all’ora', 'chilometri all’ora'],
    'km²': ['chilometro quadrato', 'chilometri quadrati'],
    'm²': ['metro quadrato', 'metri quadrati'],
    'm³': ['metro cubo', 'metri cubi'],
    '°C': ['grado Celsius', 'gradi Celsius'],
    '°F': ['grado Fahrenheit', 'gradi Fahrenheit'],
  },
  pt: {
    ...pairs(
      metric,
      'quilômetro:s metro:s centímetro:s milímetro:s quilo:s grama:s miligrama:s tonelada:s litro:s mililitro:s hectare:s',
    ),
    'km/h': ['quilômetro por hora', 'quilômetros por hora'],
    'km²': ['quilômetro quadrado', 'quilômetros quadrados'],
    'm²': ['metro quadrado', 'metros quadrados'],
    'm³': ['metro cúbico', 'metros cúbicos'],
    '°C': ['grau Celsius', 'graus Celsius'],
    '°F': ['grau Fahrenheit', 'graus Fahrenheit'],
  },
  vi: {
    ...pairs(
      metric,
      'ki-lô-mét: mét: xen-ti-mét: mi-li-mét: ki-lô-gam: gam: mi-li-gam: tấn: lít: mi-li-lít: héc-ta:',
    ),
    'km/h': ['ki-lô-mét một giờ', 'ki-lô-mét một giờ'],
    'km²': ['ki-lô-mét vuông', 'ki-lô-mét vuông'],
    'm²': ['mét vuông', 'mét vuông'],
    'm³': ['mét khối', 'mét khối'],
    '°C': ['độ xê', 'độ xê'],
    '°F': ['độ ép', 'độ ép'],
    '°': ['độ', 'độ'],
  },
}

/** `pairs('km m', 'kilometer:s meter:s')`: the ending after the colon forms the plural, `o/i` both numbers. */
function pairs(symbols: string, names: string): Record<string, Names> {
  const words = names.split(' ')
  return Object.fromEntries(
    symbols.split(' ').map((symbol, i) => {
      const [stem = '', ending = ''] = (words[i] ?? '').split(':')
      const [one = '', many] = ending.split('/')
      return [symbol, many === undefined ? [stem, stem + one] : [stem + one, stem + many]] as const
    }),
  )
}

const quantity =
  /(?<![\d.,:]|\d[.,])(\d+(?:[.,]\d+)*|[½¼¾])([   -]?)(km\/h|km²|m²|m³|km|cm|mm|kg|mg|ml|ha|mph|hrs|mins?|yds?|lbs?|oz|cwt|ft|mi|°\s?[CF](?!\p{L})|℃|℉|°|[mgtl])(?![\p{L}\p{N}²³/'’]|-\p{L})(\.(?=\s+\p{Ll}))?/gu

/** "6 in. long": "in" is a word, so what follows has to be a measure. */
const inches =
  /(?<![\d.,])(\d{1,3})\sin\.(?=\s(?:long|wide|high|deep|thick|tall|broad|square|across|by\s\d|in\s(?:diameter|length|width|height|depth))(?!\p{L}))/gu
/** "40° N.", "27° 30′ W." */
const quarter =
  /(?<![\d.,])(\d{1,3})\s?°(?:\s?(\d{1,2})\s?['′’])?\s?([NSEW])(?:\.(?=\s\p{Ll}|,))?(?![\p{L}\p{N}])/gu
const sides: Readonly<Record<string, string>> = { N: 'north', S: 'south', E: 'east', W: 'west' }

/** Units in prices: "10.000đ/kg". */
const perUnit = /(?<=[\dđ₫$€£])\s?\/\s?(kg|km|m²|g|l|m|ha)(?![\p{L}\p{N}])/gu
const per: Readonly<Record<string, string>> = { en: 'per', fr: 'par', de: 'pro', es: 'por', vi: 'một' }

/** "5 km" → "5 kilometers"; the period of "6 ft. tall" is replaced with it. */
export function sayUnits({ text, language }: Passage, changes: Change[]): void {
  const names = table[language.code]
  if (!names) return
  addChanges(changes, text, perUnit, ([, unit = '']) => {
    const name = names[unit]
    return name && ` ${per[language.code] ?? ''} ${name[0]}`
  })
  if (language.code === 'en') {
    addChanges(changes, text, inches, ([, amount = '']) => `${amount} ${amount === '1' ? 'inch' : 'inches'}`)
    addChanges(changes, text, quarter, ([, degrees = '', minutes, side = '']) => {
      const rest = minutes === undefined ? '' : ` ${minutes} ${minutes === '1' ? 'minute' : 'minutes'}`
      return `${degrees} ${degrees === '1' ? 'degree' : 'degrees'}${rest} ${sides[side]}`
    })
  }
  addChanges(changes, text, quantity, ([found, amount = '', gap, symbol = '', period]) => {
    const unit = symbol.replace('℃', '°C').replace('℉', '°F').replaceAll(/\s/g, '')
    const name = names[unit]
    if (!name || (period !== undefined && !abbreviated.has(unit))) return undefined
    // A single letter directly after a number is as often a clause or a model: "4g", "3t".
    if (unit.length === 1 && unit !== '°' && gap === '' && unit !== 'm') return undefined
    if (!found.startsWith(amount)) return undefined
    if (amount !== '1') return `${amount} ${name[1]}`
    return `${language.code === 'it' ? (name[0].endsWith('a') ? 'una' : 'un') : amount} ${name[0]}`
  })
}

const abbreviated = new Set(['ft', 'yd', 'yds', 'mi', 'lb', 'lbs', 'oz', 'cwt', 'hrs', 'min', 'mins'])
