import { expect, test } from 'vitest'
import { detectLanguage, languageTag } from './book-language.ts'

test.each([
  [
    'en',
    'It was the best of times, it was the worst of times, it was the age of wisdom, and all that there was.',
  ],
  [
    'fr',
    'Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se fermaient si vite que je n’avais pas le temps de me dire.',
  ],
  [
    'de',
    'Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett zu einem Ungeziefer verwandelt. Er lag auf dem Rücken und sah nicht auf.',
  ],
  [
    'es',
    'En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho tiempo que vivía un hidalgo de los de lanza en astillero.',
  ],
  [
    'it',
    'Quel ramo del lago di Como, che volge a mezzogiorno, tra due catene non interrotte di monti, tutto a seni e a golfi, a seconda dello sporgere e del rientrare di quelli.',
  ],
  [
    'pt',
    'Algum tempo hesitei se devia abrir estas memórias pelo princípio ou pelo fim, isto é, se poria em primeiro lugar o meu nascimento ou a minha morte, mas não sei. Uma coisa para ele.',
  ],
  ['vi', 'Trăm năm trong cõi người ta, chữ tài chữ mệnh khéo là ghét nhau.'],
  ['ru', 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.'],
  [
    'uk',
    'Реве та стогне Дніпр широкий, сердитий вітер завива, додолу верби гне високі, горами хвилю підійма. Її там і не було.',
  ],
  ['zh', '话说天下大势，分久必合，合久必分。他们都来了。'],
  ['zh-Hant', '話說天下大勢，分久必合，合久必分。他們都來了。'],
  ['ja', '吾輩は猫である。名前はまだ無い。'],
  ['ko', '나는 고양이로소이다. 이름은 아직 없다.'],
  ['el', 'Άνδρα μοι έννεπε, Μούσα, πολύτροπον'],
])('%s is detected from its text', (tag, text) => {
  expect(detectLanguage(text).tag).toBe(tag)
})

test('text without evidence is undetermined', () => {
  expect(detectLanguage('').tag).toBe('und')
  expect(detectLanguage('Zzyzx Qwerty Xyzzy Plugh').tag).toBe('und')
})

test.each([
  ['en', 'en'],
  ['en_us', 'en-US'],
  ['ENG', 'en'],
  ['ger', 'de'],
  ['English', 'en'],
  ['Chinese; Traditional', 'zh'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['und', undefined],
  ['mul', undefined],
  ['a book in English', undefined],
])('the declared language %s is the tag %s', (written, tag) => {
  expect(languageTag(written)).toBe(tag)
})
