/** How Chinese speakers say the letters of the Latin alphabet. */
const letters: Readonly<Record<string, string>> = {
  a: 'ei1',
  b: 'bi4',
  c: 'xi1',
  d: 'di4',
  e: 'yi4',
  f: 'ai2 fu5',
  g: 'ji4',
  h: 'ei2 chi5',
  i: 'ai4',
  j: 'jie4',
  k: 'kei4',
  l: 'ai2 lou5',
  m: 'ai2 mu5',
  n: 'en1',
  o: 'ou1',
  p: 'pi4',
  q: 'qiu1',
  r: 'a4',
  s: 'ai2 si5',
  t: 'ti4',
  u: 'you1',
  v: 'wei1',
  w: 'da2 bu5 liu5',
  x: 'ai2 ke5 si5',
  y: 'wai4',
  z: 'zei4',
  '0': 'ling2',
  '1': 'yi1',
  '2': 'er4',
  '3': 'san1',
  '4': 'si4',
  '5': 'wu3',
  '6': 'liu4',
  '7': 'qi1',
  '8': 'ba1',
  '9': 'jiu3',
}

/** A Latin word letter by letter, in pinyin: for voices that know no other sounds. */
export function spelledLetters(word: string): string {
  return Array.from(word.normalize('NFD').toLowerCase())
    .flatMap((letter) => letters[letter] ?? [])
    .join(' ')
}
