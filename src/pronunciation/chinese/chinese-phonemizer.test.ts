import { expect, test } from 'vitest'
import { ChinesePhonemizer } from './chinese-phonemizer.ts'
import { isPinyin, pinyinSyllables, readPinyin } from './pinyin-syllables.ts'

const spoken = new ChinesePhonemizer({ sandhi: true })
const plain = new ChinesePhonemizer({ sandhi: false })

function syllables(phonemizer: ChinesePhonemizer, text: string): string {
  return phonemizer
    .words(text)
    .map(({ phonemes }) => phonemes)
    .join(' ')
}

// Written by hand; the tone of each word by itself.
test.each([
  [
    '行',
    '他在银行工作，行李不多，走不行。',
    'ta1 zai4 yin2 hang2 gong1 zuo4 xing2 li5 bu4 duo1 zou3 bu4 xing2',
  ],
  ['行', '墙上有两行字，一行人走过来。', 'qiang2 shang4 you3 liang3 hang2 zi4 yi1 xing2 ren2 zou3 guo4 lai2'],
  ['长', '这条路很长，他长得很高。', 'zhe4 tiao2 lu4 hen3 chang2 ta1 zhang3 de5 hen3 gao1'],
  ['长', '校长看着孩子长大。', 'xiao4 zhang3 kan4 zhe5 hai2 zi5 zhang3 da4'],
  ['重', '重要的事，我重新说。', 'zhong4 yao4 de5 shi4 wo3 chong2 xin1 shuo1'],
  ['重', '他重重地叹气，困难重重。', 'ta1 zhong4 zhong4 de5 tan4 qi4 kun4 nan2 chong2 chong2'],
  ['乐', '音乐停了，她很快乐。', 'yin1 yue4 ting2 le5 ta1 hen3 kuai4 le4'],
  ['得', '我得走了。', 'wo3 dei3 zou3 le5'],
  ['得', '他跑得快，得了第一。', 'ta1 pao3 de5 kuai4 de2 le5 di4 yi1'],
  ['得', '觉得，舍不得，不得不。', 'jue2 de5 she3 bu4 de5 bu4 de2 bu4'],
  ['地', '他慢慢地走，静静地看土地。', 'ta1 man4 man4 de5 zou3 jing4 jing4 de5 kan4 tu3 di4'],
  ['地', '她高兴地说：这地方好。', 'ta1 gao1 xing4 de5 shuo1 zhe4 di4 fang1 hao3'],
  ['还', '他还没来。', 'ta1 hai2 mei2 lai2'],
  ['还', '把书还给我，钱也还了。', 'ba3 shu1 huan2 gei3 wo3 qian2 ye3 huan2 le5'],
  ['了', '我了解了，受不了了。', 'wo3 liao3 jie3 le5 shou4 bu4 liao3 le5'],
  ['着', '她穿着大衣，睡着了。', 'ta1 chuan1 zhe5 da4 yi1 shui4 zhao2 le5'],
  ['只', '只有三只羊。', 'zhi3 you3 san1 zhi1 yang2'],
  ['为', '因为他成为王。', 'yin1 wei4 ta1 cheng2 wei2 wang2'],
  ['教', '他教我，教育。', 'ta1 jiao1 wo3 jiao4 yu4'],
  ['倒', '倒了一杯茶，摔倒了。', 'dao4 le5 yi1 bei1 cha2 shuai1 dao3 le5'],
  ['都', '大家都去首都。', 'da4 jia1 dou1 qu4 shou3 du1'],
])('%s is read by its context: %s', (_, text, readings) => {
  expect(syllables(plain, text)).toBe(readings)
})

test.each([
  ['third tones', '你好，老板想买五百种水果。', 'ni2 hao3 lao2 ban2 xiang3 mai3 wu2 bai3 zhong3 shui2 guo3'],
  ['一', '一个人，一天，一起，第一，星期一。', 'yi2 ge5 ren2 yi4 tian1 yi4 qi3 di4 yi1 xing1 qi1 yi1'],
  ['一 within a verb', '看一看。', 'kan4 yi5 kan4'],
  ['一 in a number', '二十一岁', 'er4 shi2 yi1 sui4'],
  ['不', '不是，不好，好不好。', 'bu2 shi4 bu4 hao3 hao3 bu5 hao3'],
  ['neutral tones', '我们的朋友，桌子，妈妈，走吧。', 'wo3 men5 de5 peng2 you5 zhuo1 zi5 ma1 ma5 zou3 ba5'],
  ['儿 as an ending', '在这儿玩儿一会儿。', 'zai4 zher4 wanr2 yi2 huir4'],
  ['儿 as a child', '女儿和婴儿。', 'nv3 er2 he2 ying1 er2'],
])('tones are written as they are said: %s', (_, text, readings) => {
  expect(syllables(spoken, text)).toBe(readings)
})

test('words have their places in the text, characters outside of the first plane too', () => {
  const text = '“𠮷野家”，他说。'
  const words = spoken.words(text)
  expect(words.map(({ start, end }) => text.slice(start, end)).join('')).toBe('𠮷野家他说')
  for (const [index, { start, end }] of words.entries()) {
    expect(start).toBeLessThan(end)
    expect(start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0)
  }
})

test('a given pronunciation goes before, as pinyin in any spelling', () => {
  const text = '重庆和乐山'
  const said = (phonemes: string) =>
    spoken.words(text, [{ start: 3, end: 5, phonemes }]).map((word) => word.phonemes)
  expect(said('yuè shān')).toEqual(['chong2 qing4', 'he2', 'yue4 shan1'])
  // As the lexicon stores it.
  expect(said('yue4 shanɡ1')).toEqual(['chong2 qing4', 'he2', 'yue4 shang1'])
  expect(said('')).toEqual(['chong2 qing4', 'he2'])
  // Sounds that it does not know: the word as it is written.
  expect(said('lˈɑːʃən').join(' ')).toContain('shan1')
})

test('Latin words are spelt where nothing else can say them', () => {
  const text = '用Wi-Fi和KTV。'
  expect(syllables(plain, text)).toBe('yong4 da2 bu5 liu5 ai4 ai2 fu5 ai4 he2 kei4 ti4 wei1')
})

test.each([
  ['Chóngqìng', undefined],
  ['chóng qìng', 'chong2 qing4'],
  ['chong2qing4', 'chong2 qing4'],
  ['lǜ', 'lv4'],
  ["xī'ān", 'xi1 an1'],
  ['de', 'de5'],
  ['mˈɑmə', undefined],
  ['5', undefined],
])('"%s" as pinyin is %s', (written, read) => {
  expect(readPinyin(written)).toBe(read)
  if (read !== undefined) expect(isPinyin(read)).toBe(true)
})

test('syllables are taken apart by their sounds, not by how they are spelt', () => {
  const parts = pinyinSyllables('you3 wei4 yuan2 jue2 gui4 liu2 lun2 er2 huar1 zhi1 nv3').map(
    ({ initial, final }) => `${initial}-${final}`,
  )
  expect(parts).toEqual([
    '-iou',
    '-uei',
    '-van',
    'j-ve',
    'g-uei',
    'l-iou',
    'l-uen',
    '-er',
    'h-ua',
    'zh-i',
    'n-v',
  ])
})
