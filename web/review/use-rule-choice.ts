import { useState } from 'react'
import type { HeadingRule, Headings, ReadAgainBody } from '../../src/http/contract/review-contract.ts'
import { isSameRule } from './headings-api.ts'

/** What is chosen: one of the rules by its place, the own pattern, or the chapters as they are. */
export type Chosen = number | 'pattern' | 'reread'

export interface RuleChoice {
  readonly chosen: Chosen
  readonly choose: (chosen: Chosen) => void
  /** Of chapters that are cut by length. */
  readonly characters: number
  readonly setCharacters: (characters: number) => void
  readonly pattern: string
  readonly setPattern: (pattern: string) => void
  readonly part: string
  readonly setPart: (part: string) => void
  /** What it asks for; `undefined`: something is not filled in. */
  readonly command: ReadAgainBody | undefined
}

const [least, most] = [5_000, 240_000]

/** The rule that somebody chooses; it begins with the one by which the chapters were found. */
export function useRuleChoice(headings: Headings | undefined, isText: boolean): RuleChoice {
  const [picked, choose] = useState<Chosen>()
  const [length, setCharacters] = useState<number>()
  const [ownPattern, setPattern] = useState<string>()
  const [ownPart, setPart] = useState<string>()
  const current = headings?.rule
  const pattern = ownPattern ?? (current?.kind === 'pattern' ? current.pattern : '')
  const part = ownPart ?? (current?.kind === 'pattern' ? (current.part ?? '') : '')
  const characters = length ?? (current?.kind === 'length' ? current.characters : 20_000)
  const chosen = picked ?? firstChoice(headings, isText)
  return {
    chosen,
    choose,
    characters,
    setCharacters,
    pattern,
    setPattern,
    part,
    setPart,
    command: commandOf(chosen, headings, { characters, pattern: pattern.trim(), part: part.trim() }),
  }
}

function firstChoice(headings: Headings | undefined, isText: boolean): Chosen {
  if (!isText) return 'reread'
  const rule = headings?.rule
  if (rule?.kind === 'pattern') return 'pattern'
  const at = headings?.rules.findIndex(
    (each) =>
      rule !== undefined &&
      (isSameRule(each.rule, rule) || (rule.kind === 'length' && each.rule.kind === 'length')),
  )
  return Math.max(0, at ?? 0)
}

function commandOf(
  chosen: Chosen,
  headings: Headings | undefined,
  own: { readonly characters: number; readonly pattern: string; readonly part: string },
): ReadAgainBody | undefined {
  if (chosen === 'reread') return { kind: 'reread' }
  const rule = ruleOf(chosen, headings, own)
  return rule && { kind: 'headings', rule }
}

function ruleOf(
  chosen: number | 'pattern',
  headings: Headings | undefined,
  {
    characters,
    pattern,
    part,
  }: { readonly characters: number; readonly pattern: string; readonly part: string },
): HeadingRule | undefined {
  if (chosen === 'pattern')
    return pattern === '' ? undefined : { kind: 'pattern', pattern, ...(part !== '' && { part }) }
  const rule = headings?.rules[chosen]?.rule
  if (rule?.kind !== 'length') return rule
  return Number.isInteger(characters) && characters >= least && characters <= most
    ? { kind: 'length', characters }
    : undefined
}
