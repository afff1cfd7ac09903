import { expect, test } from 'vitest'
import { chapterNumbers } from './chapter-numbers.ts'

test.each([
  ['Chapter 12: The Ford', 12],
  ['Chapter One', 1],
  ['CHAPTER TWENTY-ONE. In Which It Rains', 21],
  ['Erstes Kapitel', 1],
  ['Chương hai mươi mốt', 21],
  ['Chương 3 – Làng nhỏ', 3],
  ['XIV. The Ford', 14],
  ['CHAPTER IX', 9],
  ['第一百二十三章 归来', 123],
  ['第二〇回', 20],
  ['제1장', 1],
  ['제3장 바람', 3],
  ['１２章', 12],
  ['第１２章', 12],
  ['十二、归来', 12],
  ['12345. Far', 12345],
  ['7', 7],
  ['One', 1],
  ['Seven. The Inn', 7],
  ['Folge 7', 7],
  ['#12 The Ford', 12],
  ['Volume 2 - Chapter 5', 5],
  ['第一卷 青云 第三章 出山', 3],
  ['The Lamp: Chapter Two', 2],
  ['I remember', 1],
])('%s has the number %s', (title, number) => {
  expect(chapterNumbers([title])).toEqual([number])
})

test.each([
  'The Lamp',
  'Civil war',
  'One Morning in May',
  'One-Eyed Jack',
  'Only one',
  'Prologue',
  'FIRST EPILOGUE: 1813',
  'Ngoại truyện 1: Mùa hạ',
  '',
])('“%s” has no number', (title) => {
  expect(chapterNumbers([title])).toEqual([undefined])
})

test('part numbers count only in a novel without chapter numbers', () => {
  expect(chapterNumbers(['Part 1', 'Chapter 1', 'Part 2', 'Chapter 2'])).toEqual([undefined, 1, undefined, 2])
  expect(chapterNumbers(['Prologue', 'Part One', 'Part Two'])).toEqual([undefined, 1, 2])
})
